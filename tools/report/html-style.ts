/** The page's look: system fonts and plain colours, light and dark, paper and phone. Nothing is fetched. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--panel:#f4f6f9;--line:#d3dae3;--text:#1b2430;--muted:#57636f;--good:#1a7f37;--bad:#c81e2b;--warn:#8f5f00;--info:#7a48d1}
@media (prefers-color-scheme:dark){:root{--paper:#10161d;--panel:#18202a;--line:#2d3947;--text:#e6edf3;--muted:#a3b0bd;--good:#46b95c;--bad:#ff6b62;--warn:#d6a02a;--info:#b78cff}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem clamp(1rem,4vw,3rem) 4rem;max-width:90rem;background:var(--paper);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
h1{margin:0;font-size:1.5rem}
h2{margin:2.5rem 0 .75rem;font-size:1.2rem}
h3{margin:1.25rem 0 .5rem;font-size:1rem}
p{margin:.25rem 0}
ul{margin:0;padding:0;list-style:none}
code,pre{font:.9em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{margin:0;white-space:pre-wrap}
.muted{color:var(--muted)}
.verdict{margin-top:1.25rem;padding:1rem 1.25rem;border:1px solid var(--line);border-left:.5rem solid var(--good);border-radius:.5rem;background:var(--panel)}
.verdict strong{color:var(--good);font-size:1.15rem}
.verdict.failed{border-left-color:var(--bad)}
.verdict.failed strong{color:var(--bad)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.75rem;margin:0}
.numbers div{padding:.6rem .8rem;border:1px solid var(--line);border-radius:.5rem}
.numbers dt{color:var(--muted);font-size:.85rem}
.numbers dd{margin:0;font-size:1.4rem;font-weight:650;font-variant-numeric:tabular-nums}
.numbers .wide{grid-column:span 2}
.numbers .wide dd{font-size:1rem;line-height:2}
.item{margin-bottom:.6rem;padding:.6rem .9rem;border:1px solid var(--line);border-left:.3rem solid var(--line);border-radius:.4rem}
.item .message{white-space:pre-line;overflow-wrap:anywhere}
.mandatory,.error{border-left-color:var(--bad)}
.advisory,.warning{border-left-color:var(--warn)}
.remediated{border-left-color:var(--info)}
.badge{display:inline-block;padding:0 .5em;border:1px solid currentColor;border-radius:1em;font-size:.78rem;white-space:nowrap;color:var(--muted)}
.badge.created{color:var(--good)}
.badge.updated{color:var(--warn)}
.badge.replaced{color:var(--info)}
.badge.deleted{color:var(--bad)}
.badge.protected{color:var(--text)}
.components{columns:22rem;column-gap:1.25rem}
.component{break-inside:avoid;margin-bottom:1.25rem;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.5rem;background:var(--panel)}
.component h3{margin:0 0 .4rem}
.component li{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .4rem;padding:.3rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
.component li>:first-child{margin-right:auto;min-width:0}
.component li .muted,.component h3 .muted{font-size:.85rem;font-weight:400}
details{margin-bottom:.5rem}
summary{cursor:pointer;font-weight:650}
.changes li{padding:.2rem 0 .2rem 1rem;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.3rem 1.25rem;margin:0}
.facts dt{color:var(--muted)}
.facts dd{margin:0;min-width:0}
.diagram{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem}
.diagram svg{display:block;width:100%;min-width:62rem;height:auto}
@media (max-width:40rem){.facts{grid-template-columns:1fr}.facts dd{margin-bottom:.5rem}}
@media print{body{max-width:none;padding:0}.item,.component,.verdict{break-inside:avoid}.diagram svg{min-width:0}}
`;
