// Search of attempts, for proctors and administrators.

import { fill, h } from "../core/dom.js";
import { firstStop, remembered } from "../core/focus.js";
import { content, screen } from "../core/screen.js";
import { filterForm, isNarrowed, question } from "../search/filter.js";
import { results } from "../search/results.js";

screen(
  (main, me) => {
    main.classList.add("wide");
    const asked = new URLSearchParams(location.search);
    const place = h("div", { id: "found", tabIndex: -1 });
    const options = { mayHold: me.roles.includes("admin"), isNarrowed: isNarrowed(asked), again: () => show() };
    const show = () => fill(place, results(question(asked), { ...options, shown: remembered(place, () => firstStop(place)) }));
    fill(content(main), filterForm(asked), place);
    show();
  },
  { roles: ["proctor", "admin"] },
);
