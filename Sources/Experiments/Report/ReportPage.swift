import Autograd
import Foundation

extension ReportContents {
    /// The page: one self-contained HTML document (its content security policy forbids external
    /// resources), in the light or dark scheme of the reader.
    func html() -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" \
        content="default-src 'none'; img-src data:; style-src 'unsafe-inline'\(scriptPolicy)">
        <title>\(escaped(title)) · Tapestry</title>
        <link rel="icon" href="data:,">
        <style>
        \(reportStyle)\(explorer == nil ? "" : "\n" + explorerStyle)
        </style>
        </head>
        <body>
        <header>
        <div class="weave" aria-hidden="true"></div>
        <p class="eyebrow">Tapestry <span aria-hidden="true">/</span> \(escaped(recipe))</p>
        <h1>\(escaped(title))</h1>
        <p class="introduction">\(escaped(introduction))</p>
        </header>
        <main>
        \(sections.joined(separator: "\n"))
        </main>
        <footer><p>Written by Tapestry. This page is self-contained: it can be stored, moved and \
        sent as a single file.</p></footer>\(explorer.map { "\n" + $0.scripts } ?? "")
        </body>
        </html>

        """
    }

    /// Scripts run in pages that have one.
    private var scriptPolicy: String { explorer == nil ? "" : "; script-src 'unsafe-inline'" }

    private var sections: [String] {
        [
            headlineSection, explorerSection, figureSection, metricSection, historySection,
            tableSection,
            layerSection, settingsSection, commandSection,
        ].compactMap { $0 }
    }

    private var headlineSection: String? {
        guard !headlines.isEmpty else { return nil }
        let cards = headlines.map { headline in
            """
            <div class="card headline"><dt>\(escaped(headline.name))</dt>\
            <dd><strong>\(escaped(typographic(headline.value)))</strong>\
            <span>\(escaped(headline.note))</span></dd></div>
            """
        }
        return "<dl class=\"headlines\">\n\(cards.joined(separator: "\n"))\n</dl>"
    }

    private var explorerSection: String? {
        explorer?.html ?? explorerNote.map { "<p class=\"remark\">\(escaped($0))</p>" }
    }

    private var figureSection: String? {
        guard !figures.isEmpty else { return nil }
        return """
            <section class="figures" aria-label="Figures">
            \(figures.map(\.html).joined(separator: "\n"))
            </section>
            """
    }

    private var metricSection: String? {
        guard !metrics.isEmpty else { return nil }
        // All with the same decimals, except for counts.
        let texts = Table.cells(metrics.flatMap { [$0.training, $0.heldOut] })
        let rows = metrics.enumerated().map { index, metric in
            let values = [metric.training, metric.heldOut]
            // Sound: it is only unwrapped if it is not nil.
            let isCount = values.allSatisfy { $0 == nil || $0 == $0!.rounded() }
            return [metric.name]
                + (isCount ? Table.cells(values) : Array(texts[2 * index...2 * index + 1]))
        }
        let table = Table(
            caption: "Final metrics",
            columns: [.text("Quantity"), .number("Training"), .number("Held out")], rows: rows)
        return card("Final metrics", table.html)
    }

    private var historySection: String? {
        guard !history.rows.isEmpty else { return nil }
        for row in history.rows where row.values.count != history.columns.count {
            programmerError(
                "ReportContents",
                "epoch \(row.epoch) has \(row.values.count) values for "
                    + "\(history.columns.count) columns")
        }
        let columns = history.columns.indices.map { column in
            Table.cells(history.rows.map { $0.values[column] })
        }
        let rows = history.rows.indices.map { row in
            ["\(history.rows[row].epoch)"] + columns.map { $0[row] }
        }
        let table = Table(
            caption: "Metrics by epoch",
            columns: [.number("Epoch")] + history.columns.map(Table.Column.number), rows: rows)
        return card("Metrics by epoch", table.html)
    }

    private var tableSection: String? { table.map { card($0.caption, $0.html) } }

    private var layerSection: String? {
        guard !layers.isEmpty else { return nil }
        let total = layers.reduce(0) { $0 + $1.parameters }
        let table = Table(
            caption: "Layers of the model",
            columns: [.code("Layer"), .text("Kind"), .code("Shape"), .number("Parameters")],
            rows: layers.map { [$0.name, $0.kind, $0.shape, Format.count($0.parameters)] },
            footer: ["Total", "", "", Format.count(total)])
        return card("Model", table.html)
    }

    private var settingsSection: String? {
        let cards = [("Configuration", configuration), ("Environment", environment)]
            .filter { !$0.1.isEmpty }
            .map { title, entries in
                let items = entries.map {
                    "<div><dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd></div>"
                }
                return card(
                    title, "<dl class=\"entries\">\n\(items.joined(separator: "\n"))\n</dl>")
            }
        guard !cards.isEmpty else { return nil }
        return "<div class=\"settings\">\n\(cards.joined(separator: "\n"))\n</div>"
    }

    private var commandSection: String? {
        guard !command.isEmpty else { return nil }
        return card(
            "Reproduce",
            "<pre><code>\(escaped(command))</code></pre>")
    }

    private func card(_ title: String, _ content: String) -> String {
        "<section class=\"card\">\n<h2>\(escaped(title))</h2>\n\(content)\n</section>"
    }
}

extension ReportContents.Figure {
    fileprivate var html: String {
        """
        <figure class="card \(width)">
        <h2>\(escaped(title))</h2>
        \(contentHTML)
        <figcaption>\(escaped(caption))</figcaption>
        </figure>
        """
    }

    /// A chart is drawn twice, for wide and for narrow pages, so that its letters do not shrink;
    /// the style sheet shows one of the two.
    private var contentHTML: String {
        switch content {
        case .chart(let chart):
            let wide = width == .full ? (900, 400) : (560, 580)
            return """
                <div class="on-wide">\(chart.svg(width: wide.0, height: wide.1))</div>
                <div class="on-narrow">\(chart.svg(width: 360, height: 380))</div>
                """
        case .picture(let png, let width, let height, let description):
            let data = Data(png).base64EncodedString()
            return """
                <img src="data:image/png;base64,\(data)" width="\(width)" height="\(height)" \
                alt="\(escaped(description))">
                """
        }
    }
}
