// @ts-check
/**
 * The front desk on a clinic's page: a button in the corner, and the chat in a frame once it is
 * opened. Before that nothing is asked of our server but this script, which is the same for
 * everybody and filled in by web/visitor/launcher.py. Nothing in here may break the page it is on.
 */
(function (told, style) {
  "use strict";

  const NAME = "front-desk";
  const PATIENCE = 6000; // until the chat is ready; then the help lines stay and we say why
  const GRACE = 1500; // for the first word of a frame that has come: an error page never says one
  const COLOUR = "#2b5d54";
  const ADDRESS = /^https?:\/\/[^/]+\/widget\.js([?#]|$)/;
  const OPEN = "M6 4h12q3 0 3 3v6q0 3-3 3h-6l-5 4v-4H6q-3 0-3-3V7q0-3 3-3zM8 10h0m4 0h0m4 0h0";
  const CLOSE = "M6.5 6.5l11 11M17.5 6.5l-11 11";

  const page = document.documentElement;
  const view = window.visualViewport;
  // As in launcher.css, where the panel then fills the screen.
  const fullScreen = matchMedia("(max-width: 560px), (max-height: 520px)");
  const script = /** @type {HTMLScriptElement} */ (ownTag());

  let isOpen = false;
  let isReady = false;
  let isHeard = false;
  let hasFailed = false;
  let isPersonHere = false;
  /** @type {any} */ let cameFrom; // where the focus returns to; none, if nobody asked to open
  /** @type {(() => void) | undefined} */ let uncover;
  /** @type {HTMLIFrameElement | undefined} */ let frame;
  /** @type {number | undefined} */ let timer;
  /** @type {Record<string, any>} */ let words;
  /** @type {Record<string, any>} */ let settings;
  /** @type {any} */ let shadow, desk, launcher, badge, news, panel, status, leave;

  /**
   * The tag that brought us. The host's tools may hide it by putting scripts off; then the name
   * alone does not do where it is somebody else's, too.
   */
  function ownTag() {
    const { currentScript, scripts } = /** @type {any} */ (document);
    if (ADDRESS.test(currentScript?.src)) return currentScript;
    const named = [...scripts].filter((tag) => ADDRESS.test(tag.src));
    const marked = named.filter((tag) => tag.hasAttribute(`data-${NAME}`));
    const [first, ...others] = marked.length ? marked : named;
    return others.some((tag) => tag.src !== first.src) ? null : first;
  }

  /** @param {any[]} what */
  const warn = (...what) => console.warn("Front desk:", ...what);

  /** @template {any[]} A @param {(...given: A) => any} deed */
  const safely = (deed) => (/** @type {A} */ ...given) => {
    try {
      return deed(...given);
    } catch (error) {
      warn(error);
    }
  };

  /** @param {any} target @param {string} event @param {(event: any) => any} deed */
  const on = (target, event, deed) => target.addEventListener(event, safely(deed));

  /** @param {string} tag @param {Record<string, any>} attributes @param {(Node | string)[]} inside */
  function element(tag, attributes, ...inside) {
    const made = document.createElement(tag);
    for (const name in attributes) made.setAttribute(name, attributes[name]);
    made.append(...inside);
    return made;
  }

  /** @param {Record<string, any>} attributes @param {() => void} deed @param {(Node | string)[]} inside */
  function button(attributes, deed, ...inside) {
    const made = element("button", attributes, ...inside);
    on(made, "click", deed);
    return made;
  }

  /** @param {string} path */
  function icon(path) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const drawn = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    drawn.setAttribute("d", path);
    svg.append(drawn);
    return svg;
  }

  /**
   * An attribute of our script tag, if it is one that we can use.
   *
   * @param {string} name @param {RegExp} usable @param {string} advice
   */
  function attribute(name, usable, advice) {
    const value = script.getAttribute(`data-${name}`);
    if (!value || usable.test(value)) return value;
    warn(`data-${name}="${value}" cannot be used. Write ${advice}.`);
  }

  /** @param {string} colour; black or white, whichever is easier to read on it: 4.5 to 1 or more */
  function textOn(colour) {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part > 0.04045 ? ((part + 0.055) / 1.055) ** 2.4 : part / 12.92;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
  }

  /** Where the visitor came from: the campaign in the page's address, else the website before. */
  function source() {
    const campaign = new URLSearchParams(location.search).get("utm_source");
    if (campaign || !document.referrer) return campaign;
    const { hostname } = new URL(document.referrer);
    return hostname === location.hostname ? null : hostname;
  }

  /** Do as the attributes of our script tag say; they may change at any time. */
  function heed() {
    const languages = Object.keys(told.words);
    const language = attribute("language", RegExp(`^(${languages.join("|")})$`), languages.join(" or "));
    const side = attribute("position", /^(left|right)$/, "left or right");
    const colour = attribute("colour", /^#[\da-f]{6}$/i, `a colour such as ${COLOUR}`) || COLOUR;
    const greeting = attribute("greeting", /^.{1,300}$/s, "at most 300 characters");
    const ofPage = page.lang.slice(0, 2).toLowerCase();
    const isFromRight = getComputedStyle(page).direction === "rtl";
    settings = {
      colour,
      greeting,
      source: safely(source)(),
      language: language || (languages.includes(ofPage) ? ofPage : "en"),
      side: side || (isFromRight ? "left" : "right"),
    };
    words = told.words[settings.language];
  }

  /** All of us, beside the body and not in it: nothing that the page does to its body reaches us. */
  function build() {
    badge = element("span", { class: "badge" });
    news = element("p", { class: "spoken", role: "status" });
    launcher = button(
      { class: "launcher" },
      () => (isOpen ? close() : open(launcher)),
      icon(OPEN), element("span", { class: "label" }, words.ask), badge,
    );
    panel = element("div", { class: "panel" }, cover());
    desk = element("div", { dir: words.direction, lang: settings.language }, launcher, news, panel);
    const host = element(NAME, {});
    shadow = host.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet(); // no policy of the page forbids it, as it would a <style>
      sheet.replaceSync(style);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      shadow.append(element("style", {}, style)); // an older browser
    }
    shadow.append(desk);
    page.append(host);
  }

  /** What stands where the chat will be: who helps at once, whatever happens to us. */
  function cover() {
    const link = (/** @type {string[]} */ [text, href]) => element("a", { href }, text);
    const [before, number, after] = words.call_us;
    status = element("p", { role: "status" });
    leave = button({ "aria-label": words.close }, close, icon(CLOSE));
    return element(
      "div",
      { class: "cover" },
      element("p", { class: "head" }, told.name, leave),
      element("div", { class: "lines" }, ...words.lines.map(
        (/** @type {any} */ line) => element("p", {}, line.when, ...line.ways.map(link)),
      )),
      status,
      element("p", {}, before, link([number, told.dial]), after),
      button({ class: "retry" }, retry, words.retry),
    );
  }

  function draw() {
    const states = [isOpen && "open", isReady && "ready", hasFailed && "failed"];
    desk.className = ["desk", settings.side, ...states].join(" ");
    desk.style.setProperty("--colour", settings.colour);
    desk.style.setProperty("--on-colour", textOn(settings.colour));
    launcher.setAttribute("aria-expanded", isOpen);
    launcher.querySelector("path").setAttribute("d", isOpen ? CLOSE : OPEN);
    status.textContent = hasFailed ? words.failed : words.opening;
    coverPage();
    fit();
    remember();
  }

  /** What lies under a full screen can neither be reached nor be scrolled. */
  function coverPage() {
    if ((isOpen && fullScreen.matches) === !!uncover) return;
    if (uncover) return (uncover = uncover());
    const { body } = document;
    const { inert } = body;
    const { overflow } = page.style;
    body.inert = true;
    page.style.overflow = "hidden";
    uncover = () => {
      body.inert = inert;
      page.style.overflow = overflow;
    };
  }

  /** On an iPhone the keyboard covers the page instead of shrinking it. */
  function fit() {
    const isZoomed = !view || Math.abs(view.scale - 1) > 0.01; // by hand: leave it alone
    const fits = uncover && !isZoomed;
    panel.style.top = fits ? `${view.offsetTop}px` : "";
    panel.style.height = fits ? `${view.height}px` : "";
  }

  /**
   * All that is kept on the host's domain, and for this tab only: the next page opens the chat
   * again, or listens on for a person. Where the browser forbids it, that page begins anew.
   */
  function remember() {
    try {
      if (isOpen || isPersonHere) sessionStorage[NAME] = isOpen ? "open" : "person";
      else delete sessionStorage[NAME];
    } catch {}
  }

  function remembered() {
    try {
      return sessionStorage[NAME];
    } catch {}
  }

  /** @param {any} [from] */
  function open(from) {
    if (isOpen) return;
    isOpen = true;
    cameFrom = from;
    count(0);
    if (!frame || hasFailed) load();
    draw();
    if (isReady) arrive();
    else if (from) leave.focus();
  }

  function close() {
    if (!isOpen) return;
    const hadFocus = shadow.activeElement;
    isOpen = false;
    draw();
    say("closed");
    if (hadFocus) (cameFrom?.isConnected ? cameFrom : launcher).focus();
  }

  function retry() {
    load();
    draw();
    leave.focus();
  }

  /** @param {number} unread */
  function count(unread) {
    const form = new Intl.PluralRules(settings.language).select(unread);
    const said = unread ? (words.unread[form] || words.unread.other).replace("{count}", unread) : "";
    badge.textContent = unread > 9 ? "9+" : unread || "";
    news.textContent = said;
    launcher.setAttribute("aria-label", words.ask + (said && `, ${said}`));
  }

  function load() {
    frame?.remove();
    clearTimeout(timer);
    isReady = isHeard = hasFailed = false;
    const loading = (frame = /** @type {HTMLIFrameElement} */ (
      element("iframe", {
        title: words.title,
        referrerpolicy: "origin", // our server looks whose page it is, and needs no more of it
        src: `${origin}/chat?embedded&language=${settings.language}`,
      })
    ));
    timer = setTimeout(safely(fail), PATIENCE);
    on(frame, "load", () =>
      setTimeout(safely(() => loading !== frame || isHeard || fail()), GRACE),
    );
    panel.append(frame);
  }

  function fail() {
    hasFailed = !isReady;
    draw();
  }

  /** @param {boolean} [mayFocus] not if the visitor has gone on to something else meanwhile */
  function arrive(mayFocus = true) {
    const focus = mayFocus && !!cameFrom;
    if (focus) frame?.focus();
    say("opened", { focus });
  }

  /** @param {string} word @param {object} [more] */
  function say(word, more) {
    if (isHeard) frame?.contentWindow?.postMessage({ frontDesk: word, ...more }, origin);
  }

  /** In no address: what a clinic writes and where somebody came from is in nobody's log. */
  function settle() {
    const { colour, greeting, source } = settings;
    say("settings", { colour, greeting, source });
  }

  /** What the chat in our frame may say to us. @type {Record<string, (data: any) => void>} */
  const deeds = {
    loaded: settle,
    ready() {
      if (isReady) return; // it has only taken new settings
      clearTimeout(timer);
      isReady = true;
      hasFailed = false;
      const isFocusOurs = !!shadow.activeElement;
      draw();
      if (isOpen) arrive(isFocusOurs);
    },
    close,
    unread: (data) => isOpen || count(Math.max(0, data.count | 0)),
    person(data) {
      isPersonHere = data.here === true;
      remember();
    },
  };

  /** @param {MouseEvent} event on a button or link of the page that is to open the chat */
  function clicked(event) {
    const opener = /** @type {Element} */ (event.composedPath()[0]).closest("[data-opens-chat]");
    // With a key held down a link opens the chat in a tab or window of its own.
    if (!opener || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(opener);
  }

  function start() {
    const before = remembered();
    heed();
    build();
    count(0);
    draw();
    on(window, "message", ({ data, source, origin: from }) => {
      if (source !== frame?.contentWindow || from !== origin) return;
      if (!Object.hasOwn(deeds, data?.frontDesk)) return;
      isHeard = true;
      deeds[data.frontDesk](data);
    });
    on(document, "click", clicked);
    on(desk, "keydown", (event) => event.key === "Escape" && close());
    on(fullScreen, "change", draw);
    if (view) {
      on(view, "resize", fit);
      on(view, "scroll", fit);
    }
    const watch = new MutationObserver(safely(() => {
      heed();
      draw();
      settle();
    }));
    watch.observe(script, { attributes: true });
    isPersonHere = before === "person";
    if (isWanted) open(launcher);
    else if (before === "open") open();
    else if (isPersonHere) load();
  }

  const known = /** @type {any} */ (window);
  let isWanted = false;
  let origin = "";
  safely(() => {
    if (Object.hasOwn(known, "frontDesk")) return; // the line stands twice on the page
    if (!script) return warn(`which script tag is ours? Write data-${NAME} into it.`);
    origin = new URL(script.src).origin;
    known.frontDesk = {
      open: safely(() => (desk ? open(launcher) : (isWanted = true))),
      close: safely(() => (desk ? close() : (isWanted = false))),
    };
    if (document.body) start();
    else on(document, "DOMContentLoaded", start);
  })();
})(/** @type {any} */ ("{{told}}"), /** @type {string} */ ("{{style}}"));
