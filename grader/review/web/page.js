// Puts things into the page. Texts become text nodes; only an answer, which the server sanitised, is read as HTML.

export const $ = id => document.getElementById(id);

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function fill(place, ...children) {
  place.replaceChildren(...children.filter(child => child !== ""));
}

// The HTML of an answer. The page's content security policy would stop what the server's sanitiser did not.
export function put(place, html) {
  place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  for (const image of place.querySelectorAll("img")) watch(image);
}

// A figure that cannot be shown says why, in its place.
export function watch(image) {
  image.addEventListener("error", async () => {
    let why = "the server does not answer";
    try {
      why = (await (await fetch(image.src)).json()).unreadable ?? why;
    } catch {
      // It stays at that.
    }
    image.replaceWith(element("span", { className: "absent" }, `${image.alt || "figure"}: not shown, ${why}`));
  }, { once: true });
}

// The pages of a PDF as pictures, each with its text for those who listen.
export async function pages(section) {
  const place = section.dataset.pages, name = section.getAttribute("aria-label");
  fill(section, element("p", { className: "file" }, `${name}: being read …`));
  let found;
  try {
    found = await (await fetch(place)).json();
  } catch {
    found = { unreadable: "the server does not answer" };
  }
  if (found.unreadable) {
    fill(section, element("p", { className: "absent" }, `${name} cannot be shown: ${found.unreadable}. Open it yourself.`));
    return;
  }
  const count = found.texts.length;
  const sheets = found.texts.map((text, number) => {
    const image = element("img", { loading: "lazy", alt: `page ${number + 1} of ${name}`, width: 1100, height: 1400 });
    image.src = `${place}/page/${number}`;
    image.addEventListener("load", () => {
      image.removeAttribute("height");
      image.removeAttribute("width");
    });
    watch(image);
    const read = element("details", {}, element("summary", {}, `Text of page ${number + 1}`), element("pre", {}, text));
    return element("figure", {}, element("figcaption", {}, `${name}, page ${number + 1} of ${found.pages}`), image, text.trim() ? read : "");
  });
  const cut = found.pages > count ? element("p", { className: "absent" }, `Only the first ${count} pages are shown.`) : "";
  fill(section, ...sheets, cut);
}

// For those who listen: said at once.
export function say(text) {
  const place = $("said");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

export function seconds(count) {
  if (count === null) return "";
  return count < 90 ? `${count} s` : `${Math.round(count / 60)} min`;
}
