// Completes terms of the graph in the query's text area. Without this script the form works as it is.
"use strict";
(() => {
  const area = document.getElementById("query");
  if (!area) return;
  const prefixes = area.dataset.prefixes.split(" ").map((prefix) => `${prefix}:`);
  let terms = prefixes;
  fetch(area.dataset.terms).then((reply) => reply.text()).then((text) => { terms = [...text.split("\n"), ...prefixes]; });
  const holder = document.createElement("div");
  holder.className = "editor";
  area.replaceWith(holder);
  const list = document.createElement("ul");
  list.className = "completions";
  list.id = "completions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Terms");
  list.hidden = true;
  holder.append(area, list);
  for (const [name, value] of [["role", "combobox"], ["aria-multiline", "true"], ["aria-autocomplete", "list"],
    ["aria-controls", "completions"], ["aria-expanded", "false"]]) area.setAttribute(name, value);
  document.querySelectorAll(".scripted").forEach((each) => { each.hidden = false; });
  let chosen = 0;

  const word = () => (/[A-Za-z][\w-]*:?[\w.-]*$/.exec(area.value.slice(0, area.selectionStart)) || [""])[0];

  function close() {
    list.hidden = true;
    area.setAttribute("aria-expanded", "false");
    area.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    chosen = (number + list.children.length) % list.children.length;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    area.setAttribute("aria-activedescendant", `completion-${chosen}`);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  }

  function take(term) {
    const start = area.selectionStart - word().length;
    area.setRangeText(term, start, area.selectionStart, "end");
    close();
    area.focus();
  }

  function offer() {
    const begun = word().toLowerCase();
    const bare = begun.includes(":") ? null : `:${begun}`;
    const fit = begun.length < 2 ? [] : terms.filter((term) => {
      const folded = term.toLowerCase();
      return folded !== begun && (folded.startsWith(begun) || (bare && folded.includes(bare)));
    }).slice(0, 40);
    if (!fit.length) return close();
    list.replaceChildren(...fit.map((term, at) => {
      const item = document.createElement("li");
      item.id = `completion-${at}`;
      item.setAttribute("role", "option");
      item.textContent = term;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(term); });
      return item;
    }));
    const before = area.value.slice(0, area.selectionStart).split("\n").length;
    const line = parseFloat(getComputedStyle(area).lineHeight) || 21;
    list.style.top = `${Math.min(before * line - area.scrollTop + 10, area.clientHeight)}px`;
    list.style.left = "1rem";
    list.hidden = false;
    area.setAttribute("aria-expanded", "true");
    choose(0);
  }

  area.addEventListener("input", offer);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return area.form.requestSubmit();
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); return offer(); }
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") take(list.children[chosen].textContent);
    else if (event.key === "Escape") return close();
    else return;
    event.preventDefault();
  });
})();
