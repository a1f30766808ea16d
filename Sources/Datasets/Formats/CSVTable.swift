import Autograd
import FileSupport

extension CSV {
    /// Fields as text; every row has as many as the header.
    ///
    /// It takes little more memory than the file: the fields are bytes one after another, of which
    /// a string is made only where one is asked for.
    public struct Table: Sendable {
        /// The names of the columns; empty if the file has no header.
        public var header: [String]
        /// How it is written in its file, if it was read from one.
        public internal(set) var reading: Reading?
        public private(set) var rowCount: Int
        /// The fields of each row, row after row.
        private(set) var fields: PackedTexts
        /// How many fields each row has, if there are rows.
        private var width: Int

        /// Traps if rows differ in length.
        public init(header: [String], rows: [[String]]) {
            self.header = header
            (rowCount, fields, width) = (0, PackedTexts(), 0)
            for row in rows { append(row) }
        }

        /// What a user should know about how the file was read, one sentence each.
        public var notes: [String] { reading?.notes ?? [] }

        /// How fields are separated in its file.
        public var dialect: Dialect { reading?.dialect ?? .commas }

        /// A field. Traps unless there are such a row and column.
        public subscript(row: Int, column: Int) -> String { fields[place(row, column)] }

        /// All fields as strings, which take much more memory than the table: for small ones.
        public var rows: [[String]] {
            get {
                (0..<rowCount).map { row in (0..<width).map { self[row, $0] } }
            }
            set {
                let reading = reading
                self = Table(header: header, rows: newValue)
                self.reading = reading
            }
        }

        /// Adds a row. Traps if it is not as long as those before.
        public mutating func append(_ row: [String]) {
            if rowCount == 0 { width = row.count }
            guard row.count == width else {
                programmerError("CSV", "rows of \(width) and \(row.count) fields")
            }
            for field in row { fields.append(field) }
            rowCount += 1
        }
    }

    /// How a table is written in its file.
    public struct Reading: Sendable, Hashable {
        public let dialect: Dialect
        /// Whether its first row holds the names of the columns; otherwise they are numbered.
        public internal(set) var hasHeader: Bool
        /// The line in which each row begins.
        public var lines: [Int] { rowLines.all }
        public internal(set) var notes: [String] = []
        var rowLines: RowLines
    }
}

/// Tables are equal if their names and fields are, wherever they come from.
extension CSV.Table: Hashable {
    public static func == (one: CSV.Table, other: CSV.Table) -> Bool {
        guard one.header == other.header, one.rowCount == other.rowCount,
            one.rowCount == 0 || one.width == other.width
        else { return false }
        let (mine, others) = (one.fields.bytes.span, other.fields.bytes.span)
        return (0..<one.fields.count).allSatisfy { index in
            let (range, otherRange) = (one.fields.range(of: index), other.fields.range(of: index))
            return mine.extracting(range).isEqual(to: others.extracting(otherRange))
                || one.fields[index] == other.fields[index]
        }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(header)
        hasher.combine(rowCount)
        // Tables that begin alike are rare, and large.
        for index in 0..<min(fields.count, 100) { hasher.combine(fields[index]) }
    }
}

// MARK: - Columns

extension CSV.Table {
    @inline(__always) private func place(_ row: Int, _ column: Int) -> Int {
        guard 0..<rowCount ~= row, 0..<width ~= column else { noField(row, column) }
        return row * width + column
    }

    private func noField(_ row: Int, _ column: Int) -> Never {
        programmerError(
            "CSV", "no field \(row), \(column) in \(rowCount) rows of \(columnCount) fields")
    }

    /// Calls `body` with cells of a column, without the blanks around them.
    @inline(__always) func forEachCell(
        of column: Int, in rows: some Sequence<Int>,
        _ body: (_ row: Int, _ cell: Span<UInt8>) -> Void
    ) {
        let bytes = fields.bytes.span
        for row in rows {
            let range = fields.range(of: place(row, column))
            body(row, bytes.extracting(bytes.trimmed(range)))
        }
    }

    /// Whether `body` holds for every field of a column, as they stand in the file.
    func forEveryField(of column: Int, _ body: (Span<UInt8>) -> Bool) -> Bool {
        let bytes = fields.bytes.span
        return (0..<rowCount).allSatisfy { row in
            body(bytes.extracting(fields.range(of: place(row, column))))
        }
    }

    var columnCount: Int { rowCount > 0 ? width : header.count }

    /// The numbers in the fields of some columns: `float64`, [rows, columns].
    func numbers(
        of columns: [Int], _ number: (_ column: Int, _ field: Span<UInt8>) -> Double?,
        orThrow error: (_ row: Int, _ column: Int) -> FileError
    ) throws(FileError) -> Tensor {
        let bytes = fields.bytes.span
        var failure: FileError?
        let numbers = Tensor(shape: [rowCount, columns.count], as: Double.self) { numbers in
            var next = 0
            for row in 0..<rowCount {
                for column in columns {
                    let field = bytes.extracting(fields.range(of: place(row, column)))
                    guard let number = number(column, field) else {
                        failure = error(row, column)
                        return
                    }
                    numbers[next] = number
                    next += 1
                }
            }
        }
        if let failure { throw failure }
        return numbers
    }

    /// A cell without the blanks around it.
    func cell(_ row: Int, _ column: Int) -> String { self[row, column].trimmed }

    /// Some rows at a time, in order, of about as many cells as a processor's cache holds.
    static func blocks(of rowCount: Int, cellsPerRow: Int) -> [Range<Int>] {
        let size = max(1, (1 << 15) / max(cellsPerRow, 1))
        return stride(from: 0, to: rowCount, by: size).map { $0..<min(rowCount, $0 + size) }
    }

    /// The cells of a column without the blanks around them, nil where one stands for nothing.
    func texts(of column: Int, isMissing: (Span<UInt8>) -> Bool) -> [String?] {
        var known = DistinctTexts()
        var texts: [String?] = []
        var cells: [String?] = []
        cells.reserveCapacity(rowCount)
        forEachCell(of: column, in: 0..<rowCount) { _, cell in
            let (number, isNew) = known.insert(cell)
            if isNew { texts.append(isMissing(cell) ? nil : String(cell)) }
            cells.append(texts[number])
        }
        return cells
    }

    /// The table with some of its cells replaced.
    ///
    /// - Parameter text: the new text of the cell in a row and a column; nil if it stays.
    func replacingCells(_ text: (_ row: Int, _ column: Int) -> String?) -> CSV.Table {
        var table = self
        table.fields = PackedTexts()
        table.fields.reserve(fields.count, bytes: fields.bytes.count)
        for row in 0..<rowCount {
            var kept = row * width
            for column in 0..<width {
                guard let text = text(row, column) else { continue }
                table.fields.append(kept..<place(row, column), of: fields)
                table.fields.append(text)
                kept = place(row, column) + 1
            }
            table.fields.append(kept..<(row + 1) * width, of: fields)
        }
        return table
    }

    /// Adds a last column. Traps unless there is a text for each row.
    package mutating func append(_ column: [String], named name: String) {
        guard column.count == rowCount else {
            programmerError("CSV", "a column of \(column.count) fields for \(rowCount) rows")
        }
        var all = PackedTexts()
        all.reserve(fields.count + rowCount, bytes: fields.bytes.count)
        for (row, text) in column.enumerated() {
            all.append(row * width..<(row + 1) * width, of: fields)
            all.append(text)
        }
        header.append(name)
        fields = all
        width += 1
    }

    /// Removes a column, and its name if it has one.
    mutating func removeColumn(_ column: Int) {
        if header.indices.contains(column) { header.remove(at: column) }
        guard rowCount > 0 else { return }
        var kept = PackedTexts()
        kept.reserve(fields.count, bytes: fields.bytes.count)
        for row in 0..<rowCount {
            kept.append(row * width..<place(row, column), of: fields)
            kept.append(place(row, column) + 1..<(row + 1) * width, of: fields)
        }
        fields = kept
        width -= 1
    }
}

// MARK: - Reading

extension CSV.Table {
    /// Reads a table like ``CSV/read(_:_:hasHeader:)``, and detects the separator from the content.
    /// If the whole first row is numeric, it is not a header, and columns are numbered from 1.
    ///
    /// - Parameter dialect: how fields are separated, if known.
    public init(contentsOf path: String, dialect: CSV.Dialect? = nil) throws(FileError) {
        try self.init(decoding: CSV.text(of: path), dialect: dialect, path: path)
    }

    /// - Parameter labels: a column that need not be numeric in a numeric first row.
    init(
        decoding bytes: consuming [UInt8], dialect: CSV.Dialect?, labels: Int? = nil, path: String
    ) throws(FileError) {
        let usual = CSV.Dialect.usual(ofFile: path)
        let dialect =
            if let dialect { dialect } else { CSV.Dialect(of: copy bytes, otherwise: usual) }
        self = try CSV.decode(bytes, dialect, hasHeader: false, path: path)
        if dialect.separator != usual.separator {
            reading?.notes.append("fields are separated by \(dialect.name)")
        }
        if let first = firstRow, Self.areNumbers(first, but: labels) {
            header = Self.numbers(first.count)
            reading?.notes.append(Self.note(withoutNames: first.count))
        } else {
            try takeHeader(path: path)
            dropEmptyLastColumns()
        }
    }

    /// A table without a header.
    init(_ scanner: consuming CSVScanner, _ dialect: CSV.Dialect) {
        header = []
        fields = scanner.fields
        (rowCount, width) = (scanner.rowCount, scanner.columnCount)
        reading = CSV.Reading(dialect: dialect, hasHeader: false, rowLines: scanner.lines)
    }

    private var firstRow: [String]? {
        rowCount > 0 ? (0..<width).map { self[0, $0] } : nil
    }

    /// Whether a first row is numeric, except perhaps for one column, and so not a header.
    static func areNumbers(_ row: [String], but column: Int?) -> Bool {
        row.indices.allSatisfy { $0 == column || WrittenNumber.isNumber(row[$0]) }
            && !(row.count == 1 && column == 0)
    }

    /// The names of columns without names.
    static func numbers(_ count: Int) -> [String] { (0..<count).map { "\($0 + 1)" } }

    static func note(withoutNames count: Int) -> String {
        "the first row is one of numbers: columns have no names and are called 1 to \(count)"
    }

    /// Uses the first row as the names of the columns.
    mutating func takeHeader(path: String) throws(FileError) {
        guard let first = firstRow else {
            throw FileError(path: path, expected: "a header", found: "an empty file")
        }
        header = first
        fields.removeFirst(width)
        rowCount -= 1
        reading?.hasHeader = true
        reading?.rowLines.removeFirst()
    }

    /// Removes the last columns that have no name and only empty fields: lines that end in
    /// separators.
    mutating func dropEmptyLastColumns() {
        while true {
            let last = columnCount - 1
            guard last > 0, header.isEmpty || header.last == "",
                forEveryField(of: last, { $0.isEmpty })
            else { return }
            removeColumn(last)
        }
    }

    /// The location of a row: its line in the file, or its number if there is no file.
    func place(ofRow row: Int) -> String {
        guard let lines = reading?.rowLines, lines.count == rowCount else {
            return "row \(row + 1)"
        }
        return "line \(lines[row])"
    }
}
