import { defineRule, levels } from "../../engine/rule.ts";
import { DISTRIBUTION } from "../common/types.ts";

const WITHOUT = "PriceClass_100";
const cdn = (priceClass?: string) => [{ type: DISTRIBUTION[0], name: "cdn", props: { priceClass } }];

export const cdnReachesAfrica = defineRule({
  id: "cdn-reaches-africa",
  title: "The content network has servers in Africa",
  severity: "medium",
  levels: levels("a/-/m/m"),
  tags: ["latency"],
  source: { guide: "Optimiser pour l'Afrique : Latence et connectivité" },
  why: "The cheapest price class serves Abidjan from Europe: every photo takes a second more on a mobile phone.",
  fix: 'set priceClass "PriceClass_200", or leave it out for all of them',
  examples: { pass: [cdn("PriceClass_200"), cdn()], fail: [cdn(WITHOUT)] },
  resource: {
    types: DISTRIBUTION,
    check(cdn, report) {
      const found = cdn.get("priceClass");
      if (found === undefined || found === "PriceClass_200" || found === "PriceClass_All") return;
      report.violation(cdn, { path: "priceClass", requires: '"PriceClass_200" or "PriceClass_All"' });
    },
  },
  remediate: {
    types: DISTRIBUTION,
    repair(cdn, set) {
      if (cdn.text("priceClass") === WITHOUT) set("priceClass", "PriceClass_200");
    },
  },
});
