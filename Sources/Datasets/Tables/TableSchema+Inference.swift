import Autograd
import FileSupport

extension TableSchema {
    /// With more values, a category is an embedding.
    static let fewValues = 50

    /// Infers the columns of a table.
    ///
    /// A column of numbers, however they are written, is a number column, one of dates a date
    /// column; others are categories, and so are codes, which begin with zeros or are longer than a
    /// number can hold. A few other cells among numbers or dates are taken as missing. Ignored are
    /// columns without any value, texts no two of which are the same, and a first column without a
    /// name that numbers the rows. ``notes(on:)`` reports what was done.
    ///
    /// - Parameters:
    ///   - label: the label column.
    ///   - path: the file to name in errors.
    /// - Throws: if column names are missing or repeated, or the label column does not exist.
    public init(
        inferredFrom table: CSV.Table, label: String? = nil, path: String
    ) throws(FileError) {
        try Self.checkNames(of: table, path: path)
        self.init(columns: [])
        let missing = MissingCells(missing, takesMarks: false)
        let counts = table.header.indices.map { CellCounts(table, column: $0, missing) }
        let styles = table.numberStyles(counts.map(\.evidence))
        for (index, name) in table.header.enumerated() {
            if name.isEmpty {
                columns.append(Column(name: name, kind: .ignored))
                continue
            }
            let cells = ColumnCells(
                table: table, column: index, missing: missing, counts: counts[index],
                style: styles[index].style)
            columns.append(cells.inferred(name))
        }
        if let label { try setLabel(label, path: path) }
    }

    /// Whether a cell is a code such as 007.
    static func beginsWithZero(_ cell: Span<UInt8>) -> Bool {
        cell.count > 1 && cell[0] == 0x30 && cell.isDigits
    }

    /// Throws if a column has no name, unless it is the first and numbers the rows, or if two have
    /// the same.
    static func checkNames(of table: CSV.Table, path: String) throws(FileError) {
        for (index, name) in table.header.enumerated() where name.isEmpty {
            guard table.isIndex(index) else {
                throw FileError(
                    path: path, expected: "a name for each column",
                    found: "none for column \(index + 1)")
            }
        }
        if let name = table.header.firstDuplicate {
            throw FileError(
                path: path, expected: "columns of different names",
                found: "two called \(name.quoted)")
        }
    }
}

extension Span<UInt8> {
    fileprivate var isDigits: Bool {
        for index in indices where !(0x30...0x39 ~= self[index]) { return false }
        return true
    }
}

/// How many cells of a column are numbers, and of what kind.
private struct CellCounts {
    /// Cells that are neither missing nor marks, which stand for missing numbers and dates.
    private(set) var cells = 0
    private(set) var numbers = 0
    /// Digits that begin with a zero, and integers longer than a number can hold exactly.
    private(set) var codes = 0
    private(set) var long = 0
    /// How the numbers are written.
    private(set) var evidence = NumberEvidence()

    /// With numbers as programs write them.
    init(_ table: CSV.Table, column: Int, _ missing: MissingCells) {
        var counts = CellCounts()
        table.forEachCell(of: column, in: 0..<table.rowCount) { _, cell in
            if missing.contains(cell) { return }
            let number = plainNumber(cell)
            counts.evidence.add(cell, isNumber: number != nil)
            if number != nil || !MissingCells.isMark(cell) { counts.add(cell, number) }
        }
        self = counts
    }

    /// The same with numbers in the style of the column.
    init(
        _ table: CSV.Table, column: Int, _ missing: MissingCells, style: NumberStyle,
        evidence: NumberEvidence
    ) {
        var counts = CellCounts()
        counts.evidence = evidence
        table.forEachCell(of: column, in: 0..<table.rowCount) { _, cell in
            if missing.contains(cell) { return }
            if !MissingCells.isMark(cell) { counts.add(cell, style.number(cell)) }
        }
        self = counts
    }

    private init() {}

    private mutating func add(_ cell: Span<UInt8>, _ number: Double?) {
        cells += 1
        if TableSchema.beginsWithZero(cell) { codes += 1 }
        guard let number else { return }
        numbers += 1
        if abs(number) > 0x1p53, cell.isDigits { long += 1 }
    }

    /// Whether numbers are names: some integers begin with a zero, or most are longer than a number
    /// can hold exactly.
    var areCodes: Bool { codes > 0 || 2 * long > cells }
}

/// The cells of a column, by which its kind is told.
private struct ColumnCells {
    let table: CSV.Table
    let column: Int
    let missing: MissingCells
    let counts: CellCounts
    let style: NumberStyle

    func inferred(_ name: String) -> TableSchema.Column {
        let counts =
            style == .plain && counts.evidence.isPlain
            ? counts
            : CellCounts(
                table, column: column, missing, style: style, evidence: counts.evidence)
        if counts.cells > 0 {
            if !counts.areCodes,
                let odd = oddCells(counts.cells, besides: counts.numbers, { style.number($0) })
            {
                return .init(name: name, kind: .number, missing: odd)
            }
            let dates = dates
            if let format = dates.format?.format,
                let odd = oddCells(counts.cells, besides: dates.count, { format.days($0) })
            {
                return .init(name: name, kind: .date, missing: odd)
            }
        }
        // Among texts, a dash may be a value like any other.
        let kind: TableSchema.Kind = counts.cells == 0 ? .ignored : kindOfTexts
        return .init(name: name, kind: kind)
    }

    /// The cells that are not missing.
    @inline(__always) private func forEach(_ body: (Span<UInt8>) -> Void) {
        table.forEachCell(of: column, in: 0..<table.rowCount) { _, cell in
            if !missing.contains(cell) { body(cell) }
        }
    }

    private var dates: DateFormat.Evidence {
        var dates = DateFormat.Evidence()
        forEach { cell in
            if let date = WrittenDate.read(cell) { dates.add(date) }
        }
        return dates
    }

    /// The texts that differ in kind from most cells; nil if there are too many to be slips or
    /// names for a missing value.
    private func oddCells(
        _ cells: Int, besides usual: Int, _ value: (Span<UInt8>) -> Double?
    ) -> [String]? {
        if cells == usual { return [] }
        let share = Double(cells - usual) / Double(cells)
        guard share <= 0.5 else { return nil }
        var texts = DistinctTexts()
        // More than twenty are not told apart.
        var different: Set<Double> = []
        forEach { cell in
            if MissingCells.isMark(cell) { return }
            guard let number = value(cell) else {
                texts.insert(cell)
                return
            }
            if different.count <= 20 { different.insert(number) }
        }
        let areFew = share <= 0.05 || share <= 0.1 && different.count > 10
        let areNames = texts.count <= 2 && different.count > 20
        return areFew || areNames ? texts.values.sorted() : nil
    }

    /// A category, an embedding, or texts no two of which are the same.
    private var kindOfTexts: TableSchema.Kind {
        var texts = DistinctTexts()
        var repeats = false
        forEach { cell in
            // An embedding, whatever comes.
            if repeats, texts.count > TableSchema.fewValues { return }
            if !texts.insert(cell).isNew { repeats = true }
        }
        return texts.count <= TableSchema.fewValues ? .category : repeats ? .embedding : .ignored
    }
}
