// @ts-check
/** Where the visitor came from: the campaign in the page's address, else the website before. */

/** @returns {string | null} never more than a name; the server takes plain ones only */
export function source() {
  const campaign = new URLSearchParams(location.search).get("utm_source");
  if (campaign) return campaign;
  try {
    const { hostname } = new URL(document.referrer);
    return hostname === location.hostname ? null : hostname;
  } catch {
    return null; // nobody sent them, or the browser does not say who
  }
}
