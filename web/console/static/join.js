// @ts-check
// Put the invitation's code, which stands behind # in the link, into the form and out of sight.

const field = document.getElementById("token");
const code = decodeURIComponent(window.location.hash.slice(1));

if (field instanceof HTMLInputElement && code) {
  field.value = code;
  // Neither the history nor whoever looks at the address bar keeps it.
  window.history.replaceState(null, "", window.location.pathname);
}
