/// An HTML table of texts that scrolls by itself if the page is too narrow.
struct Table: Sendable {
    enum Column: Sendable {
        case text(String)
        case number(String)
        case code(String)

        fileprivate var title: String {
            switch self {
            case .text(let title), .number(let title), .code(let title): title
            }
        }

        fileprivate var style: String {
            switch self {
            case .text: ""
            case .number: " class=\"number\""
            case .code: " class=\"code\""
            }
        }
    }

    /// What the table is about, for screen readers.
    var caption: String
    var columns: [Column]
    var rows: [[String]]
    var footer: [String] = []

    /// Numbers of one kind as texts: with the same decimals, and a dash for a missing value.
    static func cells(_ values: [Double?]) -> [String] {
        var texts = Format.column(values.compactMap { $0 })[...]
        return values.map { $0 == nil ? "–" : typographic(texts.removeFirst()) }
    }

    var html: String {
        let titles = columns.map { "<th scope=\"col\"\($0.style)>\(escaped($0.title))</th>" }
        let body = rows.map { "<tr>\(row($0))</tr>" }.joined(separator: "\n")
        let foot = footer.isEmpty ? "" : "\n<tfoot><tr>\(row(footer))</tr></tfoot>"
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(escaped(caption))">
            <table>
            <thead><tr>\(titles.joined())</tr></thead>
            <tbody>
            \(body)
            </tbody>\(foot)
            </table>
            </div>
            """
    }

    /// The cells of a row; the first is its header.
    private func row(_ texts: [String]) -> String {
        zip(columns.indices, texts).map { index, text in
            let style = columns[index].style
            return index == 0
                ? "<th scope=\"row\"\(style)>\(escaped(text))</th>"
                : "<td\(style)>\(escaped(text))</td>"
        }.joined()
    }
}
