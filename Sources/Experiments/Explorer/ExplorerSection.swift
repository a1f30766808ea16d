import FileSupport
import Foundation

/// The part of a page in which one moves through the codes of a model and sees what it decodes from them.
/// The script fills it in.
struct ExplorerSection: Sendable {
    /// The explorer as JSON.
    private let json: String
    /// What there is to know about the samples and the weights.
    private let note: String

    init(_ explorer: Explorer) throws(FileError) {
        let text = try JSON.encode(explorer, .line, for: RunFile.explorer)
        // Within a string of JSON this is the same, and it cannot end the element that holds it.
        note = explorer.note
        json = String(decoding: text, as: UTF8.self).replacing("<", with: "\\u003c")
    }

    var html: String {
        """
        <section class="card explorer" id="explorer" aria-labelledby="explorer-title">
        <h2 id="explorer-title">Explorer</h2>
        <p class="explorer-lead">The decoder of the model is in this page. Drag in the plane of codes, \
        or move in it with the arrow keys, and see what each code decodes to.</p>
        <noscript><p class="explorer-lead">The explorer needs JavaScript.</p></noscript>
        <div class="explorer-stage" hidden>
        <div class="explorer-plane">
        <canvas id="explorer-plane" tabindex="0" role="application" aria-label="Plane of codes, \
        arrow keys move in it" aria-describedby="explorer-place"></canvas>
        <p class="explorer-axes" id="explorer-axes"></p>
        </div>
        <div class="explorer-picture">
        <canvas id="explorer-picture" role="img" aria-label="What the code decodes to"></canvas>
        <p class="explorer-axes"><output id="explorer-place"></output></p>
        </div>
        <div class="explorer-controls">
        <div id="explorer-condition" hidden></div>
        <div id="explorer-sliders" hidden></div>
        </div>
        <div class="explorer-strip">
        <h3 id="explorer-starts-title">Start from a test sample</h3>
        <div class="explorer-tiles" id="explorer-starts" role="group" \
        aria-labelledby="explorer-starts-title"></div>
        </div>
        <div class="explorer-strip explorer-near">
        <h3 id="explorer-near-title">Nearest training samples</h3>
        <div class="explorer-tiles" id="explorer-near" role="group" \
        aria-labelledby="explorer-near-title"></div>
        </div>
        </div>
        <p class="explorer-note">\(escaped(note))</p>
        </section>
        """
    }

    /// To be put at the end of the page.
    var scripts: String {
        """
        <script type="application/json" id="explorer-data">\(json)</script>
        <script>
        "use strict";
        \(explorerTensorScript)

        \(explorerNetworkScript)

        \(explorerStateScript)

        \(explorerPlaneScript)

        \(explorerPageScript)
        </script>
        """
    }
}

extension Explorer {
    fileprivate var note: String {
        let there = Format.count(samples.trainingCodes.shape[0])
        let all = Format.count(samples.searched, "training sample")
        let weights =
            bits.map {
                " The weights of the decoder are rounded to \($0) bits; no picture that was tested "
                    + "changed by a whole grey level."
            } ?? ""
        return
            "\(there) of \(all) are in this page, among them the \(samples.nearest) nearest to each "
            + "of these test samples.\(weights)"
    }
}

/// The style of an explorer, beside that of the page.
let explorerStyle = """
    .explorer-lead { max-width: 46rem; margin: -0.5rem 0 1.25rem; color: var(--soft); }
    .explorer-stage { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); }
    .explorer [hidden], :not(.with-controls) > .explorer-controls { display: none; }
    .explorer canvas { display: block; width: 100%; border-radius: 0.5rem; }
    #explorer-plane {
      aspect-ratio: 1; background: var(--well); border: 1px solid var(--edge);
      cursor: crosshair; touch-action: none;
    }
    #explorer-picture {
      background: var(--well); border: 1px solid var(--edge); image-rendering: pixelated;
    }
    .explorer-axes {
      margin: 0.5rem 0 0; color: var(--soft); font-size: 0.875rem; line-height: 1.4;
      font-variant-numeric: tabular-nums;
    }
    .explorer h3 { margin: 0 0 0.5rem; color: var(--soft); font-size: 0.875rem; font-weight: 600; }
    .explorer-choices { display: flex; flex-wrap: wrap; gap: 0.375rem; margin-bottom: 1.25rem; }
    .explorer button {
      padding: 0.25rem 0.75rem; background: var(--well); color: var(--ink);
      border: 1px solid var(--edge); border-radius: 0.5rem; font: inherit; cursor: pointer;
    }
    .explorer button[aria-pressed="true"] {
      border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent);
    }
    .explorer :is(button, input, canvas, .explorer-list):focus-visible {
      outline: 2px solid var(--accent); outline-offset: 2px;
    }
    .explorer-list { display: grid; gap: 0.375rem; max-height: 22.5rem; overflow: auto; padding: 2px; }
    #explorer-condition:not([hidden]) + div .explorer-list { max-height: 16rem; }
    .explorer-slider { display: grid; grid-template-columns: 1fr auto; font-size: 0.875rem; }
    .explorer-slider label { color: var(--soft); }
    .explorer-slider output { font-variant-numeric: tabular-nums; }
    .explorer-slider input { grid-column: 1 / -1; width: 100%; accent-color: var(--accent); }
    .explorer-stage { --tiles: 5; }
    .explorer-tiles {
      display: grid; gap: 0.375rem;
      grid-template-columns: repeat(var(--tiles), minmax(0, 3.5rem));
    }
    .explorer .explorer-tile {
      display: grid; justify-items: center; gap: 0.125rem; padding: 0.1875rem;
      color: var(--soft); font-size: 0.8125rem; line-height: 1.3;
    }
    .explorer-tile canvas { border-radius: 0.3125rem; image-rendering: pixelated; }
    .explorer-tile span {
      max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
    }
    .explorer-note {
      max-width: 46rem; margin: 1.25rem 0 0; color: var(--soft);
      font-size: 0.9375rem; line-height: 1.5; text-wrap: pretty;
    }
    @media (max-width: 35.99rem) {
      .explorer-picture { order: -1; width: 60%; margin-inline: auto; }
    }
    @media (min-width: 36rem) {
      .explorer-stage { --tiles: 10; grid-template-columns: 1fr 1fr; }
      .explorer-controls, .explorer-strip { grid-column: 1 / -1; }
      .explorer-list { grid-template-columns: 1fr 1fr; column-gap: 1.25rem; }
    }
    @media (min-width: 60rem) {
      .explorer-stage { --tiles: 20; grid-template-columns: 1fr 1fr 15rem; }
      .with-controls .explorer-controls { grid-column: auto; }
      :not(.with-controls) > .explorer-near { --tiles: 4; grid-area: 1 / 3; }
      .explorer-list { grid-template-columns: 1fr; }
    }
    @media print { .explorer { display: none; } }
    """
