/// The contents of a report page. Texts are plain; the page escapes them. Empty parts are left out.
struct ReportContents: Sendable {
    /// A name and its value.
    struct Entry: Sendable {
        var name: String
        var value: String
    }

    /// A number for the top of the page, such as `104.2`, with its name and a short note.
    struct Headline: Sendable {
        var name: String
        var value: String
        var note: String
    }

    /// A quantity at the end of the run. A missing value is shown as a dash.
    struct Metric: Sendable {
        var name: String
        var training: Double?
        var heldOut: Double?
    }

    /// The metrics by epoch: every row has one value per column.
    struct History: Sendable {
        struct Row: Sendable {
            var epoch: Int
            var values: [Double?]
        }

        var columns: [String]
        var rows: [Row]
    }

    /// A layer or a single parameter of the model.
    struct Layer: Sendable {
        /// Its path, such as `encoder.layers.0`.
        var name: String

        /// Its type, such as `Dense`.
        var kind: String

        /// The shapes of its parameters.
        var shape: String
        var parameters: Int
    }

    struct Figure: Sendable {
        enum Content: Sendable {
            case chart(any Chart)

            /// The bytes of a PNG file with its size and a description for screen readers.
            case picture(png: [UInt8], width: Int, height: Int, description: String)
        }

        /// Whether the figure has a row of its own on a wide page.
        enum Width: Sendable { case half, full }

        var title: String
        var caption: String
        var content: Content
        var width = Width.half
    }

    var title: String
    var recipe: String

    /// One or two sentences below the title.
    var introduction: String
    var headlines: [Headline] = []
    /// Where one moves through codes.
    var explorer: ExplorerSection?
    /// Why there is none, in a sentence.
    var explorerNote: String?
    var figures: [Figure] = []
    var metrics: [Metric] = []
    var history = History(columns: [], rows: [])
    /// An additional table.
    var table: Table?
    var layers: [Layer] = []
    var configuration: [Entry] = []
    var environment: [Entry] = []

    /// The command that reproduces the run.
    var command: String
}
