/// Everything that the page about a run shows. Texts are plain; the page escapes
/// them. Parts that are empty are left out.
struct ReportContents: Sendable {
    /// A name and what stands beside it.
    struct Entry: Sendable {
        var name: String
        var value: String
    }

    /// A number for the top of the page, such as `104.2`, with its name and a few
    /// words that say what it is.
    struct Headline: Sendable {
        var name: String
        var value: String
        var note: String
    }

    /// A quantity at the end of the run. A value that is not there is shown as a dash.
    struct Metric: Sendable {
        var name: String
        var training: Double?
        var heldOut: Double?
    }

    /// The metrics epoch by epoch: a value per column in every row.
    struct History: Sendable {
        struct Row: Sendable {
            var epoch: Int
            var values: [Double?]
        }

        var columns: [String]
        var rows: [Row]
    }

    /// A layer or a lone parameter of the model.
    struct Layer: Sendable {
        /// Its path, such as `encoder.layers.0`.
        var name: String

        /// What it is, such as `Dense`.
        var kind: String

        /// The shapes of its parameters.
        var shape: String
        var parameters: Int
    }

    struct Figure: Sendable {
        enum Content: Sendable {
            case chart(any Chart)

            /// The bytes of a PNG file with its size and a text for those who
            /// cannot see it.
            case picture(png: [UInt8], width: Int, height: Int, description: String)
        }

        /// Whether a wide page gives the figure a row of its own.
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
    var figures: [Figure] = []
    var metrics: [Metric] = []
    var history = History(columns: [], rows: [])
    /// A table of its own.
    var table: Table?
    var layers: [Layer] = []
    var configuration: [Entry] = []
    var environment: [Entry] = []

    /// The command that does the run again.
    var command: String
}
