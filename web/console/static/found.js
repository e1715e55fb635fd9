// @ts-check
/** Lets "back" and "reload" come to an empty search, not to a question about sending it again.
 * No module: it has to be done before anybody can go on from this page. */

history.replaceState(null, "", location.href);
