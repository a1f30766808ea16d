/// The style sheet of the page.
let reportStyle = """
    :root {
      color-scheme: light dark;
      --page: #f5f4f1; --card: \(Color.lightPaper.css); --edge: #e3e1dc; --well: #f5f4f1;
      --ink: #1d1f24; --soft: #5d626d; --accent: #4a2fb8; --shade: rgb(0 0 0 / 0.1);
      --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
      --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      --gap: clamp(0.875rem, 2vw, 1.5rem);
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #0d0f12; --card: \(Color.darkPaper.css); --edge: #2a2e36; --well: #0f1115;
        --ink: #eceef2; --soft: #a3a9b5; --accent: #b9a8ff;
        --shade: rgb(0 0 0 / 0.6);
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem) 3rem; max-width: 77.5rem;
      background: var(--page); color: var(--ink);
      font: 1rem/1.55 var(--sans); text-rendering: optimizeLegibility;
    }
    header { padding: clamp(2rem, 6vw, 4.5rem) 0 clamp(1.75rem, 4vw, 3rem); }
    .weave {
      width: 5.5rem; height: 0.5rem; margin-bottom: 1.5rem; border-radius: 0.25rem;
      background: linear-gradient(90deg, \(weave));
    }
    .eyebrow {
      margin: 0 0 0.5rem; color: var(--accent);
      font-size: 0.875rem; font-weight: 600; letter-spacing: 0.02em;
    }
    .eyebrow span { margin: 0 0.25em; color: var(--soft); font-weight: 400; }
    h1 {
      margin: 0; font-size: clamp(2rem, 1.4rem + 2.8vw, 3.5rem); font-weight: 680;
      line-height: 1.08; letter-spacing: -0.025em; text-wrap: balance; overflow-wrap: anywhere;
    }
    .introduction {
      max-width: 42rem; margin: 1rem 0 0; color: var(--soft);
      font-size: clamp(1.0625rem, 1rem + 0.35vw, 1.25rem); text-wrap: pretty;
    }
    main, .figures, .settings { display: grid; gap: var(--gap); }
    main > *, .figures > *, .settings > * { min-width: 0; }
    .card {
      margin: 0; padding: clamp(1.125rem, 2.4vw, 1.75rem);
      background: var(--card); border: 1px solid var(--edge); border-radius: 0.875rem;
    }
    h2 {
      margin: 0 0 1rem; font-size: 1.125rem; font-weight: 650; line-height: 1.3;
      letter-spacing: -0.01em;
    }
    .headlines { display: grid; gap: var(--gap); margin: 0; grid-template-columns: 1fr 1fr; }
    @media (min-width: 68rem) {
      .headlines { grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); }
    }
    .headline { padding-block: 1.25rem; }
    .headline dt { color: var(--soft); font-size: 0.9375rem; }
    .headline dd { margin: 0; }
    .headline strong {
      display: block; margin: 0.125rem 0 0.25rem; font-size: 2.25rem; font-weight: 660;
      line-height: 1.15; letter-spacing: -0.025em; font-variant-numeric: tabular-nums;
    }
    .headline span { display: block; color: var(--soft); font-size: 0.875rem; line-height: 1.4; }
    figure img, figure svg { display: block; width: 100%; height: auto; }
    figure img { border-radius: 0.5rem; image-rendering: pixelated; }
    figure .chart .paper { fill: none; }
    .on-wide, .on-narrow { margin: -0.5rem -0.9375rem 0; }
    figcaption {
      margin-top: 0.875rem; color: var(--soft);
      font-size: 0.9375rem; line-height: 1.5; text-wrap: pretty;
    }
    .remark { margin: 0; color: var(--soft); font-size: 0.9375rem; }
    .full figcaption { max-width: 46rem; }
    .half img { max-width: 40rem; }
    .on-wide { display: none; }
    @media (min-width: 36rem) and (max-width: 47.99rem), (min-width: 68rem) {
      .half .on-wide { display: block; }
      .half .on-narrow { display: none; }
    }
    @media (min-width: 48rem) {
      .full .on-wide { display: block; }
      .full .on-narrow { display: none; }
      .figures, .settings { grid-template-columns: 1fr 1fr; }
      .figures > .full, .settings > :only-child { grid-column: 1 / -1; }
    }
    @media (max-width: 35.99rem) {
      .headline { padding: 1rem; }
      .headline strong { font-size: 1.5rem; }
    }
    .scroll {
      overflow: auto; max-height: 34rem;
      background:
        linear-gradient(transparent, var(--card) 70%) bottom / 100% 2.5rem no-repeat local,
        linear-gradient(90deg, transparent, var(--card) 70%) right / 2.5rem 100% no-repeat local,
        linear-gradient(transparent, var(--shade)) bottom / 100% 0.75rem no-repeat scroll,
        linear-gradient(90deg, transparent, var(--shade)) right / 0.75rem 100% no-repeat scroll;
    }
    .scroll:focus-visible {
      outline: 2px solid var(--accent); outline-offset: 4px; border-radius: 0.25rem;
    }
    table {
      width: 100%; border-collapse: separate; border-spacing: 0;
      font-size: 0.9375rem; font-variant-numeric: tabular-nums;
    }
    th, td {
      padding: 0.5rem 1.5rem 0.5rem 0; border-bottom: 1px solid var(--edge);
      text-align: left; font-weight: 400; white-space: nowrap;
    }
    th:last-child, td:last-child { padding-right: 0.25rem; }
    .number { text-align: right; }
    .number:first-child { width: 1%; }
    tbody .code { font-family: var(--mono); font-size: 0.875rem; }
    thead th {
      position: sticky; top: 0; padding-top: 0; background: var(--card); color: var(--soft);
      font: 600 0.8125rem/1.5 var(--sans);
    }
    tbody tr:last-child > * { border-bottom: 0; }
    tfoot :is(th, td) {
      border-top: 1px solid var(--soft); border-bottom: 0; font-family: var(--sans);
      font-size: 0.9375rem; font-weight: 650;
    }
    .entries { margin: 0; }
    .entries div {
      display: flex; justify-content: space-between; gap: 1.5rem; padding: 0.5rem 0;
      border-top: 1px solid var(--edge); font-size: 0.9375rem;
    }
    .entries div:first-child { border-top: 0; padding-top: 0; }
    .entries dt { color: var(--soft); }
    .entries dd {
      margin: 0; min-width: 0; text-align: right; overflow-wrap: anywhere;
      font-variant-numeric: tabular-nums;
    }
    pre {
      margin: 0; padding: 1rem 1.125rem; background: var(--well);
      border: 1px solid var(--edge); border-radius: 0.5rem;
      font: 0.875rem/1.6 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere;
    }
    footer { padding-top: 2rem; color: var(--soft); font-size: 0.875rem; }
    footer p { margin: 0; }
    @media print {
      body { max-width: none; padding: 0; background: none; }
      .card { break-inside: avoid; }
      .scroll { max-height: none; overflow: visible; }
    }
    """

/// Bands of the chart colours, as gradient stops with hard edges.
private let weave: String = {
    let colors = Color.categories.prefix(5)
    let share = 100.0 / Double(colors.count)
    return colors.enumerated().map { index, color in
        "\(color.css) \(share * Double(index))% \(share * Double(index + 1))%"
    }.joined(separator: ", ")
}()
