import Foundation
import Testing

@testable import Experiments

@Suite struct ReportTests {
    private static let png: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]

    private func sample() -> ReportContents {
        ReportContents(
            title: "Digits", recipe: "vae", introduction: "Trained on digits.",
            headlines: [.init(name: "Bound", value: "-103.5", note: "nats")],
            figures: [
                .init(
                    title: "Loss", caption: "By epoch.",
                    content: .chart(
                        LineChart(
                            verticalLabel: "nats",
                            series: [.init(name: "total", values: [3, 2, 1], color: 0)])),
                    width: .full),
                .init(
                    title: "Samples", caption: "From the prior.",
                    content: .picture(
                        png: Self.png, width: 30, height: 20, description: "Ten digits")),
            ],
            metrics: [
                .init(name: "loss", training: 101.25, heldOut: 98.125),
                .init(name: "active units", training: nil, heldOut: 17),
            ],
            history: .init(
                columns: ["total", "divergence"],
                rows: [
                    .init(epoch: 1, values: [150.5, nil]), .init(epoch: 2, values: [99.25, 3.5]),
                ]),
            layers: [
                .init(name: "encoder.0", kind: "Dense", shape: "784 × 400", parameters: 314_000),
                .init(name: "decoder.0", kind: "Dense", shape: "20 × 400", parameters: 8_400),
            ],
            configuration: [.init(name: "epochs", value: "2")],
            environment: [.init(name: "threads", value: "8")],
            command: "tapestry train vae --epochs 2")
    }

    @Test func showsEverything() {
        let page = sample().html()
        for text in [
            "<h1>Digits</h1>", "vae", "Trained on digits.", "−103.5", "By epoch.",
            "data:image/png;base64,\(Data(Self.png).base64EncodedString())",
            "width=\"30\" height=\"20\"", "alt=\"Ten digits\"", ">101.25<", ">98.12<", ">17<",
            ">–<", ">150.50<", ">99.25<", "encoder.0", "784 × 400", ">322,400<",
            "<dt>epochs</dt><dd>2</dd>", "<dt>threads</dt><dd>8</dd>",
            "tapestry train vae --epochs 2", "aria-label=\"Line chart of total over 3 epochs.\"",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test func leavesOutWhatIsEmpty() {
        let page = ReportContents(title: "t", recipe: "r", introduction: "", command: "").html()
        for title in ["Final metrics", "Metrics by epoch", "Model", "Configuration", "<figure"] {
            #expect(!page.contains(title), "\(title)")
        }
    }

    @Test func refersToNothingOutside() {
        let page = sample().html().replacingOccurrences(
            of: "xmlns=\"http://www.w3.org/2000/svg\"", with: "")
        for reference in [
            "http:", "https:", "src=\"/", "@import", "url(", "<script", "<link rel=\"s",
        ] {
            #expect(!page.contains(reference), "\(reference)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test func escapesEveryText() {
        let evil = "<script>\"'&\u{7}"
        var contents = sample()
        contents.title = evil
        contents.recipe = evil
        contents.introduction = evil
        contents.command = evil
        contents.headlines = [.init(name: evil, value: evil, note: evil)]
        contents.metrics = [.init(name: evil, training: 1, heldOut: .nan)]
        contents.history = .init(columns: [evil], rows: [.init(epoch: 1, values: [.infinity])])
        contents.layers = [.init(name: evil, kind: evil, shape: evil, parameters: 1)]
        contents.configuration = [.init(name: evil, value: evil)]
        contents.environment = [.init(name: evil, value: evil)]
        contents.figures = [
            .init(
                title: evil, caption: evil,
                content: .picture(png: [], width: 1, height: 1, description: evil)),
            .init(
                title: evil, caption: evil,
                content: .chart(
                    LineChart(
                        horizontalLabel: evil, verticalLabel: evil,
                        series: [.init(name: evil, values: [1], color: 0)]))),
        ]
        let page = contents.html()
        #expect(!page.contains("<script"))
        #expect(!page.contains("\u{7}"))
        #expect(page.contains("&lt;script&gt;&quot;&#39;&amp;\u{FFFD}"))
        #expect(unbalancedTags(in: page) == [])
    }

    @Test func tagsAreBalanced() {
        #expect(unbalancedTags(in: sample().html()) == [])
        #expect(unbalancedTags(in: "<p><b></p>") != [])
    }

    @Test func aRowThatDoesNotFitTraps() async {
        await #expect(processExitsWith: .failure) {
            var contents = ReportContents(title: "", recipe: "", introduction: "", command: "")
            contents.history = .init(columns: ["a"], rows: [.init(epoch: 1, values: [1, 2])])
            _ = contents.html()
        }
    }

    /// The elements that are opened and not closed, or closed and not opened.
    private func unbalancedTags(in page: String) -> [String] {
        let void: Set = ["meta", "link", "img", "!DOCTYPE"]
        var open: [String] = []
        var style = false
        for part in page.split(separator: "<").dropFirst() {
            let inside = part.prefix { $0 != ">" }
            let name = String(inside.prefix { !$0.isWhitespace && $0 != ">" })
            if style && name != "/style" { continue }
            style = name == "style"
            if name.hasPrefix("/") {
                guard open.last == String(name.dropFirst()) else { return open + [name] }
                open.removeLast()
            } else if !void.contains(name) && !inside.hasSuffix("/") {
                open.append(name)
            }
        }
        return open
    }
}
