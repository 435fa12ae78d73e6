/** Every word of the reports, once per language. `{name}` is filled in; `one|many` is chosen by `{n}`. */
export const LANGS = ["en", "fr"] as const;
export type Lang = (typeof LANGS)[number];

const en = {
  title: "Rehearsal of {stack}",
  subtitle: "stack {stack}, phase {phase}: simulated clouds, real engine and real policies",

  "verdict.ok": "Passed",
  "verdict.failed": "Failed",
  "verdict.updated": "The stack {stack} is up on the simulated clouds; every mandatory rule holds.",
  "verdict.unchanged":
    "The stack {stack} is as the program describes it: nothing to change; every mandatory rule holds.",
  "verdict.previewed": "The preview of {stack} passed; nothing was changed; every mandatory rule holds.",
  "verdict.blocked":
    "Stopped before anything was changed: {n} mandatory finding.|Stopped before anything was changed: {n} mandatory findings.",
  "verdict.violated":
    "{n} mandatory finding in the update. What was made before it is recorded.|{n} mandatory findings in the update. What was made before them is recorded.",
  "verdict.previewFailed":
    "The preview failed with {n} error; nothing was changed.|The preview failed with {n} errors; nothing was changed.",
  "verdict.updateFailed":
    "The update stopped with {n} error. What was made before it is recorded.|The update stopped with {n} errors. What was made before them is recorded.",
  "next.findings":
    "Correct what each finding names, or have an exception accepted in policies/exceptions.yaml; then run it again.",
  "next.errors": "Correct what the errors name, then run it again: it continues from where it stopped.",

  "section.numbers": "In numbers",
  "section.findings": "Policies",
  "section.changes": "Changes",
  "section.outputs": "Outputs",
  "section.resources": "Resources by component",
  "section.errors": "Errors",
  "section.warnings": "Warnings",
  "section.diagram": "Diagram",
  "section.origin": "Where this comes from",
  "section.files": "Files",
  "section.cost": "Cost",

  "none.findings": "No findings: every rule holds.",
  "none.changes": "No changes.",
  "none.outputs": "No outputs.",
  "none.resources": "No resources.",
  "none.errors": "No errors.",
  "none.warnings": "No warnings.",
  "none.diagram": "No diagram.",

  resources: "{n} resource|{n} resources",
  "status.created": "created",
  "status.updated": "updated",
  "status.replaced": "replaced",
  "status.deleted": "deleted",
  "status.unchanged": "unchanged",
  "count.created": "{n} created",
  "count.updated": "{n} updated",
  "count.replaced": "{n} replaced",
  "count.deleted": "{n} deleted",
  "count.unchanged": "{n} unchanged",
  "level.mandatory": "mandatory",
  "level.advisory": "advisory",
  "level.remediated": "fixed by policy",
  "level.exempted": "excepted",
  "level.undetermined": "not known yet",
  "found.mandatory": "{n} mandatory",
  "found.advisory": "{n} advisory",
  "found.remediated": "{n} fixed by policy",
  "found.exempted": "{n} excepted",
  "found.undetermined": "{n} not known yet",
  "number.resources": "resources",
  "number.seconds": "seconds",
  "cost.perMonth": "{floor} to {ceiling} a month, budget {budget}",
  "cost.overBudget": "{floor} to {ceiling} a month, over the budget of {budget}",
  "cost.unpriced": "not priced yet",

  protected: "protected",
  "protected.legend": "protected: the engine refuses to replace or delete it",
  "provider.host": "on the server",
  "provider.phases": "the phase itself",
  "no.component": "outside every component",
  "on.stack": "the whole stack",
  exception: "Exception {exception}",
  because: "because of {properties}",
  cut: "... and {n} more in report.html",

  "origin.engine": "Engine",
  "origin.date": "Date that rules compare with",
  "origin.operation": "Operation",
  "origin.duration": "Duration",
  "operation.preview": "preview only",
  "operation.update": "preview, then update",

  "diagram.title": "Resources of the stack {stack}",
  "diagram.description":
    "Boxes are resources, grouped by component. An arrow goes from a resource to one that it uses. {counts}.",
  "diagram.uses": "uses",
  "diagram.edge": "{from} uses {to}",
} as const;

export type TextKey = keyof typeof en;

const fr: Record<TextKey, string> = {
  title: "Répétition de {stack}",
  subtitle: "stack {stack}, phase {phase} : clouds simulés, vrai moteur et vraies règles",

  "verdict.ok": "Réussie",
  "verdict.failed": "Échouée",
  "verdict.updated": "La stack {stack} tourne sur les clouds simulés ; toutes les règles obligatoires sont respectées.",
  "verdict.unchanged":
    "La stack {stack} est telle que le programme la décrit : rien à changer ; toutes les règles obligatoires sont respectées.",
  "verdict.previewed":
    "L'aperçu de {stack} est bon ; rien n'a été modifié ; toutes les règles obligatoires sont respectées.",
  "verdict.blocked":
    "Arrêt avant toute modification : {n} constat obligatoire.|Arrêt avant toute modification : {n} constats obligatoires.",
  "verdict.violated":
    "{n} constat obligatoire pendant la mise à jour. Ce qui a été fait avant est enregistré.|{n} constats obligatoires pendant la mise à jour. Ce qui a été fait avant est enregistré.",
  "verdict.previewFailed":
    "L'aperçu a échoué avec {n} erreur ; rien n'a été modifié.|L'aperçu a échoué avec {n} erreurs ; rien n'a été modifié.",
  "verdict.updateFailed":
    "La mise à jour s'est arrêtée avec {n} erreur. Ce qui a été fait avant est enregistré.|La mise à jour s'est arrêtée avec {n} erreurs. Ce qui a été fait avant est enregistré.",
  "next.findings":
    "Corrigez ce que nomme chaque constat, ou faites accepter une dérogation dans policies/exceptions.yaml ; puis relancez.",
  "next.errors": "Corrigez ce que nomment les erreurs, puis relancez : l'opération reprend où elle s'est arrêtée.",

  "section.numbers": "En chiffres",
  "section.findings": "Règles",
  "section.changes": "Changements",
  "section.outputs": "Sorties",
  "section.resources": "Ressources par composant",
  "section.errors": "Erreurs",
  "section.warnings": "Avertissements",
  "section.diagram": "Schéma",
  "section.origin": "D'où vient ce rapport",
  "section.files": "Fichiers",
  "section.cost": "Coût",

  "none.findings": "Aucun constat : toutes les règles sont respectées.",
  "none.changes": "Aucun changement.",
  "none.outputs": "Aucune sortie.",
  "none.resources": "Aucune ressource.",
  "none.errors": "Aucune erreur.",
  "none.warnings": "Aucun avertissement.",
  "none.diagram": "Aucun schéma.",

  resources: "{n} ressource|{n} ressources",
  "status.created": "créée",
  "status.updated": "modifiée",
  "status.replaced": "remplacée",
  "status.deleted": "supprimée",
  "status.unchanged": "inchangée",
  "count.created": "{n} créée|{n} créées",
  "count.updated": "{n} modifiée|{n} modifiées",
  "count.replaced": "{n} remplacée|{n} remplacées",
  "count.deleted": "{n} supprimée|{n} supprimées",
  "count.unchanged": "{n} inchangée|{n} inchangées",
  "level.mandatory": "obligatoire",
  "level.advisory": "conseillé",
  "level.remediated": "corrigé par une règle",
  "level.exempted": "en dérogation",
  "level.undetermined": "pas encore connu",
  "found.mandatory": "{n} obligatoire|{n} obligatoires",
  "found.advisory": "{n} conseillé|{n} conseillés",
  "found.remediated": "{n} corrigé par une règle|{n} corrigés par une règle",
  "found.exempted": "{n} en dérogation",
  "found.undetermined": "{n} pas encore connu|{n} pas encore connus",
  "number.resources": "ressources",
  "number.seconds": "secondes",
  "cost.perMonth": "{floor} à {ceiling} par mois, budget {budget}",
  "cost.overBudget": "{floor} à {ceiling} par mois, au-dessus du budget de {budget}",
  "cost.unpriced": "prix pas encore connus",

  protected: "protégée",
  "protected.legend": "protégée : le moteur refuse de la remplacer ou de la supprimer",
  "provider.host": "sur le serveur",
  "provider.phases": "la phase elle-même",
  "no.component": "hors de tout composant",
  "on.stack": "toute la stack",
  exception: "Dérogation {exception}",
  because: "à cause de {properties}",
  cut: "... et {n} de plus dans report.html",

  "origin.engine": "Moteur",
  "origin.date": "Date à laquelle les règles se réfèrent",
  "origin.operation": "Opération",
  "origin.duration": "Durée",
  "operation.preview": "aperçu seul",
  "operation.update": "aperçu, puis mise à jour",

  "diagram.title": "Ressources de la stack {stack}",
  "diagram.description":
    "Chaque case est une ressource, regroupée par composant. Une flèche va d'une ressource à celle qu'elle utilise. {counts}.",
  "diagram.uses": "utilise",
  "diagram.edge": "{from} utilise {to}",
};

export const TEXTS: Record<Lang, Record<TextKey, string>> = { en, fr };

export type Translate = (key: TextKey, values?: Record<string, string | number>) => string;

/** Zero is plural in English and singular in French. */
const isSingular: Record<Lang, (n: number) => boolean> = { en: (n) => n === 1, fr: (n) => n < 2 };

export function translator(lang: Lang): Translate {
  return (key, values = {}) => {
    const [one = "", many = one] = TEXTS[lang][key].split("|");
    const n = values["n"];
    const text = typeof n === "number" && !isSingular[lang](n) ? many : one;
    return text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name] ?? placeholder;
      return typeof value === "number" ? formatNumber(value, lang) : value;
    });
  };
}

export const formatNumber = (value: number, lang: Lang): string =>
  new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(value);

export const formatMoney = (value: number, currency: string, lang: Lang): string =>
  new Intl.NumberFormat(lang, { style: "currency", currency, maximumFractionDigits: 0 }).format(value);

const PROVIDERS: Record<string, string> = {
  aws: "AWS",
  cloudflare: "Cloudflare",
  command: "Command",
  digitalocean: "DigitalOcean",
  forge: "Laravel Forge",
  kubernetes: "Kubernetes",
  ovh: "OVHcloud",
  pagerduty: "PagerDuty",
  pulumiservice: "Pulumi Cloud",
  "pulumi-cloud": "Pulumi Cloud",
  random: "Random",
  tls: "TLS",
};
/** Brands are the same in every language; two of our own component folders have none. */
export function providerName(provider: string, t: Translate): string {
  if (provider === "host" || provider === "phases") return t(`provider.${provider}`);
  return PROVIDERS[provider] ?? provider;
}
