"use strict";
(() => {
  const token = new URLSearchParams(location.search).get("token") ?? "";
  const base = location.pathname.replace(/\/?$/, "/");
  const view = { tab: "queries", filter: "", sort: "status", reverse: false, hide_disabled: false };
  const selected = { queries: "", mutations: "", events: "" };
  const find = (id) => document.getElementById(id);
  let source = null;
  let waiting = 0;
  let typing = 0;

  // what a part shows anew must not take the focus away
  const show = (name, text) => {
    const part = document.querySelector(`[data-part="${name}"]`);
    const active = document.activeElement;
    const held = active && part.contains(active)
      ? [...part.querySelectorAll("button, select")].indexOf(active) : -1;
    const action = held >= 0 ? active.dataset.action : undefined;
    const row = held >= 0 ? active.closest("tr")?.dataset.select : undefined;
    // the server has escaped all that is not its own
    part.innerHTML = text;
    if (held < 0) return;
    const all = [...part.querySelectorAll("button, select")];
    const again = row !== undefined
      ? all.find((one) => one.closest("tr")?.dataset.select === row)
      : all.find((one) => one.dataset.action === action) ?? all[held];
    again?.focus({ preventScroll: true });
  };

  const connect = () => {
    source?.close();
    const wanted = new URLSearchParams({ token, ...view, selected: selected[view.tab] });
    source = new EventSource(`${base}events?${wanted}`);
    source.onopen = () => { find("connection").textContent = "live"; };
    source.onerror = () => { find("connection").textContent = "not connected"; };
    for (const name of ["counts", "list", "detail"]) {
      source.addEventListener(name, (event) => show(name, event.data));
    }
    source.addEventListener("network", (event) => {
      const offline = event.data === "offline";
      document.body.classList.toggle("offline", offline);
      find("network").textContent = offline ? "Go online" : "Go offline";
      find("network").dataset.action = offline ? "go_online" : "go_offline";
    });
  };

  const complain = (text) => {
    const problem = find("problem");
    problem.textContent = text;
    problem.hidden = !text;
    clearTimeout(waiting);
    waiting = setTimeout(() => { problem.hidden = true; }, 6000);
  };

  const act = async (action, target = "", value = "") => {
    try {
      const response = await fetch(`${base}action`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Devtools-Token": token },
        body: JSON.stringify({ action, target, value }),
      });
      if (!response.ok) complain(await response.text());
    } catch {
      complain("The program does not answer.");
    }
  };

  const choose = (tab) => {
    view.tab = tab;
    document.body.dataset.tab = tab;
    for (const one of document.querySelectorAll("[data-tab][role=tab]")) {
      one.setAttribute("aria-selected", String(one.dataset.tab === tab));
    }
    find("clear").dataset.action = tab === "mutations" ? "clear_mutations" : "clear_queries";
    connect();
  };

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard?.writeText(copy.closest(".data").querySelector("pre").textContent);
      return;
    }
    const button = event.target.closest("button[data-action]");
    if (button) {
      act(button.dataset.action, button.dataset.target);
      return;
    }
    const tab = event.target.closest("button[data-tab]");
    if (tab) {
      choose(tab.dataset.tab);
      return;
    }
    const row = event.target.closest("tr[data-select]");
    if (row) {
      selected[view.tab] = selected[view.tab] === row.dataset.select ? "" : row.dataset.select;
      connect();
    }
  });
  document.addEventListener("change", (event) => {
    const kind = event.target.closest("select[data-action]");
    if (kind?.value) act(kind.dataset.action, kind.dataset.target, kind.value);
  });
  find("filter").addEventListener("input", (event) => {
    view.filter = event.target.value;
    clearTimeout(typing);
    typing = setTimeout(connect, 150);
  });
  find("sort").addEventListener("change", (event) => { view.sort = event.target.value; connect(); });
  find("reverse").addEventListener("click", (event) => {
    view.reverse = !view.reverse;
    event.target.setAttribute("aria-pressed", String(view.reverse));
    event.target.textContent = view.reverse ? "↑ Desc" : "↓ Asc";
    connect();
  });
  find("hide-disabled").addEventListener("change", (event) => { view.hide_disabled = event.target.checked; connect(); });
  choose("queries");
})();
