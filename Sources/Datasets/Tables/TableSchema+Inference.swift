import Autograd

extension TableSchema {
    /// With more values a category is an embedding.
    static let fewValues = 50

    /// What the columns of a table seem to be.
    ///
    /// A column all of whose cells are numbers is one of numbers, one of days of dates, others of
    /// categories. Left out are columns without a cell that is there, and texts no two of which
    /// are the same.
    ///
    /// - Parameters:
    ///   - label: the column of labels.
    ///   - path: named where something is wrong.
    /// - Throws: where columns have no names or the same, or the label's is none of them.
    public init(
        inferredFrom table: CSV.Table, label: String? = nil, path: String
    ) throws(FileError) {
        try Self.checkNames(of: table, path: path)
        self.init(columns: [])
        for (index, name) in table.header.enumerated() {
            let cells = table.rows.map { $0[index].trimmed }.filter { !missing.contains($0) }
            columns.append(Column(name: name, kind: Self.kind(of: cells)))
        }
        if let label { try setLabel(label, path: path) }
    }

    private static func kind(of cells: [String]) -> Kind {
        if cells.isEmpty { return .ignored }
        if cells.allSatisfy({ Double($0)?.isFinite == true }) { return .number }
        if DateFormat(of: cells) != nil { return .date }
        let values = Set(cells).count
        if values <= fewValues { return .category }
        return values == cells.count ? .ignored : .embedding
    }

    static func checkNames(of table: CSV.Table, path: String) throws(FileError) {
        var known: Set<String> = []
        for (index, name) in table.header.enumerated() {
            guard !name.isEmpty else {
                throw FileError(
                    path: path, expected: "a name for each column",
                    found: "none for column "
                        + "\(index + 1)")
            }
            guard known.insert(name).inserted else {
                throw FileError(
                    path: path, expected: "columns of different names",
                    found: "two called \(name.quoted)")
            }
        }
    }
}

extension String {
    /// Without the blanks around it.
    package var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...lastIndex { !$0.isWhitespace }!])
    }
}
