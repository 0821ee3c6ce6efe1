// Tells what is on a page after each change of it, and finds the elements that were told of. Called with the name of
// the function that is to be told, which the test has put on the page.
(tell) => {
  const watches = (window.__mockapi_watches ??= new Map());
  if (watches.has(tell)) return;
  const unseen = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "LINK", "META"]);
  const numbers = new WeakMap();
  const elements = new Map();
  let count = 0;
  let isDue = false;

  const numberOf = (element) => {
    if (!numbers.has(element)) {
      numbers.set(element, ++count);
      elements.set(count, new WeakRef(element));
    }
    return numbers.get(element);
  };

  const described = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || unseen.has(node.tagName)) return null;
    const attributes = {};
    for (const { name, value } of node.attributes) attributes[name] = value;
    if (["INPUT", "TEXTAREA", "SELECT"].includes(node.tagName)) {
      // what people typed and chose is no attribute
      if (node.type === "checkbox" || node.type === "radio") {
        delete attributes.checked;
        if (node.checked) attributes.checked = "";
      } else if (node.type !== "file") {
        attributes.value = node.value;
      }
    }
    const inside = node.tagName === "TEXTAREA" ? [] : [...(node.shadowRoot ?? node).childNodes];
    return {
      number: numberOf(node),
      tag: node.localName,
      attributes,
      // the options of a closed list are there for people all the same
      hidden: !(node.closest("select") ?? node).checkVisibility({ visibilityProperty: true }),
      children: inside.map(described).filter((child) => child !== null),
    };
  };

  const all = () => (document.body ? described(document.body) : null);

  const changed = () => {
    if (isDue) return;
    isDue = true;
    // several changes of one turn are one commit
    setTimeout(() => {
      isDue = false;
      window[tell](all());
    });
  };

  watches.set(tell, { all, find: (number) => elements.get(number)?.deref() ?? null });
  const options = { attributes: true, characterData: true, childList: true, subtree: true };
  new MutationObserver(changed).observe(document, options);
  for (const event of ["input", "change", "DOMContentLoaded", "load"]) {
    window.addEventListener(event, changed, { capture: true });
  }
  if (document.body) changed();
}
