// @ts-check
/** Lets "back" and "reload" come to an empty search, not to a question about sending it again. */

history.replaceState(null, "", location.href);
