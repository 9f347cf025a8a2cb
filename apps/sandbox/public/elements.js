/** Makes an element; text is always text, never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Text in which addresses on the web can be followed. */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/).map((part, index) => (index % 2 ? element('a', { href: part, target: '_blank', rel: 'noopener' }, part) : part));
}

export const byId = (id) => document.getElementById(id);

export function show(id, text) {
  byId(id).textContent = text;
  byId(id).hidden = text === '';
}
