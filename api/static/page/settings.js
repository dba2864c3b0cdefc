// What this process was started with: every setting, where its value came from, and of secrets only whether they are there.

import { announce } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { get } from "../core/http.js";
import { content, screen } from "../core/screen.js";
import { status } from "../core/status.js";
import { has, t } from "../core/text.js";

/** @typedef {{ name: string, group: string, value: string | null, is_secret: boolean, is_set: boolean, source: string }} Setting */

screen(
  async (main) => {
    main.classList.add("wide");
    const { settings, node_id: node } = await get("/api/analytics/settings");
    const place = h("div", {});
    const search = h("input", { type: "search", id: "search", autocomplete: "off" });
    const sources = [...new Set(settings.map((/** @type {Setting} */ each) => each.source))].sort();
    const source = h("select", { id: "source" }, h("option", { value: "" }, t("setting.anySource")), sources.map((each) => h("option", { value: each }, origin(each))));
    const show = () => {
      const fitting = settings.filter((/** @type {Setting} */ each) => fits(each, search.value) && (!source.value || each.source === source.value));
      fill(place, fitting.length ? groups(fitting) : h("p", { class: "notice" }, t("setting.nothing")));
      announce(t("setting.found", { count: fitting.length }));
    };
    search.addEventListener("input", show);
    source.addEventListener("change", show);
    const find = h("form", { class: "actions", role: "search" }, h("label", { htmlFor: "search" }, t("setting.search")), search, h("label", { htmlFor: "source" }, t("setting.source")), source);
    find.addEventListener("submit", (event) => event.preventDefault());
    fill(content(main), h("p", {}, t("setting.intro", { node })), find, place);
    show();
  },
  { roles: ["admin"] },
);

/** @param {Setting} setting @param {string} wanted */
function fits(setting, wanted) {
  const text = `${setting.name} ${setting.value ?? ""} ${about(setting.name)}`.toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** @param {Setting[]} settings */
function groups(settings) {
  const names = [...new Set(settings.map((each) => each.group))];
  return names.map((group) => {
    const title = t(`setting.group.${has(`setting.group.${group}`) ? group : "other"}`);
    const rows = settings.filter((each) => each.group === group).map(row);
    const heads = ["name", "value", "source"].map((head) => h("th", { scope: "col" }, t(`setting.head.${head}`)));
    const table = h("table", { class: "stack settings" }, h("caption", { class: "unseen" }, title), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows));
    return h("section", {}, h("h2", {}, title), h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": title }, table));
  });
}

/** @param {Setting} setting */
function row(setting) {
  return h("tr", {}, h("th", { scope: "row" }, h("code", {}, setting.name), h("div", { class: "quiet small" }, about(setting.name))), h("td", {}, value(setting)), h("td", {}, origin(setting.source)));
}

/** @param {Setting} setting */
function value(setting) {
  if (setting.is_secret && setting.is_set && setting.source === "default") return status("medium", t("setting.known"));
  if (setting.is_secret) return setting.is_set ? status("good", t("setting.set")) : status("waiting", t("setting.unset"));
  return setting.value ? h("code", {}, setting.value) : h("span", { class: "quiet" }, t("setting.empty"));
}

/** @param {string} name */
function about(name) {
  return has(`setting.about.${name}`) ? t(`setting.about.${name}`) : "";
}

/** @param {string} source */
function origin(source) {
  return has(`setting.from.${source}`) ? t(`setting.from.${source}`) : source;
}
