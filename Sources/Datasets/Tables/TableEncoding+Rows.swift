import Autograd
import FileSupport
import Foundation

/// The rows of a table as samples.
public struct EncodedTable: Sendable {
    /// `float32`, `[rows, elements]`.
    public let samples: Tensor
    /// The label of each row as written in the file, nil if it is missing; nil as a whole if there
    /// is no label column.
    public let labels: [String?]?
    /// For each column, the number of cells with values that did not occur in training.
    public let unseen: [(column: String, cells: Int)]

    init(_ rows: EncodedRows, labels: [String?]?) {
        (samples, self.labels) = (rows.samples, labels)
        unseen = EncodedRows.unseen([rows])
    }
}

/// Some rows of a table as samples.
struct EncodedRows {
    /// `float32`, `[rows, elements]`.
    let samples: Tensor
    /// For every column of the table, the number of cells with values that did not occur in
    /// training.
    private let unseen: [(column: String, cells: Int)]

    init(_ samples: Tensor, unseen: [(column: String, cells: Int)]) {
        (self.samples, self.unseen) = (samples, unseen)
    }

    /// The columns of which some parts of a table have cells with values that did not occur in
    /// training, and how many.
    static func unseen(_ parts: [EncodedRows]) -> [(column: String, cells: Int)] {
        guard let first = parts.first else { return [] }
        return first.unseen.indices.compactMap { index in
            let cells = parts.reduce(0) { $0 + $1.unseen[index].cells }
            return cells > 0 ? (first.unseen[index].column, cells) : nil
        }
    }
}

extension TableEncoding {
    /// The samples of a table with the same columns, in any order; the label and ignored columns
    /// need not exist.
    ///
    /// - Parameter path: the file to name in errors.
    /// - Throws: if columns are missing or new, or a cell is not of its column's kind.
    public func encode(_ table: CSV.Table, path: String) throws(FileError) -> EncodedTable {
        let rows = Array(0..<table.rowCount)
        return EncodedTable(
            try encode(rows, of: table, path: path), labels: try labels(of: table, path: path))
    }

    /// Some rows of a table as samples, in this order.
    func encode(
        _ rows: [Int], of table: CSV.Table, path: String
    ) throws(FileError) -> EncodedRows {
        let places = try places(in: table, path: path)
        var inputs: [Cells] = []
        var width = 0
        for column in self.inputs {
            if let place = places[column.name] {
                inputs.append(Cells(column, missingCells(of: column), place: place, at: width))
            }
            width += column.elements
        }
        // The first cell in the order of rows that is not of its column's kind.
        var wrong: (row: Int, input: Int)?
        let samples = Tensor(shape: [rows.count, width], as: Float.self) { elements in
            for block in CSV.Table.blocks(of: rows.count, cellsPerRow: width) where wrong == nil {
                for index in inputs.indices {
                    let target = Cells.Target(elements, width: width, firstRow: block.lowerBound)
                    if let row = inputs[index].encode(table, rows[block], to: target),
                        row < wrong?.row ?? .max
                    {
                        wrong = (row, index)
                    }
                }
            }
        }
        if let wrong {
            let cells = inputs[wrong.input]
            throw FileError(
                path: path,
                expected: "\(cells.expected) in \(table.place(ofRow: wrong.row)), column "
                    + cells.column.name.quoted,
                found: table.cell(wrong.row, cells.place).quoted)
        }
        return EncodedRows(samples, unseen: inputs.map { ($0.column.name, $0.unseen) })
    }

    /// The label of each row as written in the file, nil if it is missing; nil as a whole if there
    /// is no label column.
    func labels(of table: CSV.Table, path: String) throws(FileError) -> [String?]? {
        let places = try places(in: table, path: path)
        let missing = MissingCells(self.missing, takesMarks: false)
        return label.flatMap { places[$0] }.map { place in
            table.texts(of: place) { missing.contains($0) }
        }
    }

    /// Where the columns are in a table; the label and ignored columns need not exist.
    private func places(
        in table: CSV.Table, path: String
    ) throws(FileError) -> [String: Int] {
        try TableSchema.checkNames(of: table, path: path)
        let optional = Set(columns.filter { !$0.isInput }.map(\.name))
        return try Self.places(of: columns.map(\.name), optional: optional, in: table, path: path)
    }

    /// A table whose missing cells are filled from samples, and which cells those are: all others
    /// are unchanged, to the letter.
    ///
    /// - Parameter samples: one complete row for each row of the table, as a model predicts it:
    ///   numbers, and for each category numbers of which the greatest selects the value. Traps if
    ///   their shape does not fit.
    public func fill(
        _ table: CSV.Table, from samples: Tensor, path: String
    ) throws(FileError) -> (table: CSV.Table, isFilled: [[Bool]]) {
        let places = try places(in: table, path: path)
        guard samples.shape == [table.rowCount, elements] else {
            programmerError(
                "TableEncoding",
                "samples of shape \(samples.shape) for \(table.rowCount) rows of \(elements) "
                    + "elements")
        }
        let width = elements
        var marks = [[Bool]](
            repeating: [Bool](repeating: false, count: table.columnCount), count: table.rowCount)
        // Which column of samples is where in the table, and where in a sample it is.
        var inputs: [(column: Column, start: Int)?] = Array(
            repeating: nil, count: table.columnCount)
        var start = 0
        for column in self.inputs {
            if let place = places[column.name] {
                inputs[place] = (column, start)
                let missing = missingCells(of: column)
                table.forEachCell(of: place, in: 0..<table.rowCount) { row, cell in
                    if missing.contains(cell) { marks[row][place] = true }
                }
            }
            start += column.elements
        }
        let filled = samples.cast(to: .float32).withUnsafeElements(as: Float.self) { numbers in
            table.replacingCells { row, place in
                guard marks[row][place], let (column, start) = inputs[place] else { return nil }
                let first = row * width + start
                return column.text(of: numbers[first..<first + column.elements].map(Double.init))
            }
        }
        return (filled, marks)
    }

    /// The rows that samples stand for, with the columns that samples consist of: as ``fill`` fills
    /// them, without missing cells.
    public func table(of samples: Tensor) -> CSV.Table {
        guard samples.rank == 2, samples.shape[1] == elements else {
            programmerError(
                "TableEncoding",
                "samples of shape \(samples.shape) for rows of \(elements) elements")
        }
        let numbers = samples.cast(to: .float32).elements(as: Float.self)
        let inputs = inputs
        var table = CSV.Table(header: inputs.map(\.name), rows: [])
        var start = 0
        for _ in 0..<samples.shape[0] {
            table.append(
                inputs.map { column in
                    let cell = numbers[start..<start + column.elements]
                    start += column.elements
                    return column.text(of: cell.map(Double.init))
                })
        }
        return table
    }
}

/// The cells of a column as elements of samples.
private struct Cells {
    let column: TableEncoding.Column
    let missing: MissingCells
    /// The index of the column in the table, and of its first element in a sample.
    let place: Int
    private let start: Int
    private let values: DistinctTexts
    /// Cells with values that did not occur in training.
    private(set) var unseen = 0

    init(
        _ column: TableEncoding.Column, _ missing: MissingCells, place: Int, at start: Int
    ) {
        (self.column, self.missing, self.place, self.start) = (column, missing, place, start)
        switch column.content {
        case .category(let values), .embedding(let values): self.values = DistinctTexts(values)
        case .number, .date, .ignored, .label: values = DistinctTexts()
        }
    }

    /// What a cell must hold.
    var expected: String {
        if case .date(_, let format) = column.content {
            return "a date such as \(format.example)"
        }
        return "a number"
    }

    /// Where the elements of rows are written, one row after another.
    struct Target {
        private let samples: UnsafeMutableBufferPointer<Float>
        private let width: Int
        private let firstRow: Int

        /// - Parameter width: the elements of a row.
        init(_ samples: UnsafeMutableBufferPointer<Float>, width: Int, firstRow: Int) {
            (self.samples, self.width, self.firstRow) = (samples, width, firstRow)
        }

        /// The elements of rows from the one that begins in a column.
        @inline(__always) func elements(
            from start: Int
        ) -> (samples: UnsafeMutableBufferPointer<Float>, first: Int, width: Int) {
            (samples, firstRow * width + start, width)
        }
    }

    /// Writes the elements of the cells of some rows; returns the first row whose cell is not of
    /// the column's kind, if there is one.
    mutating func encode(
        _ table: CSV.Table, _ rows: ArraySlice<Int>, to target: Target
    ) -> Int? {
        let (samples, first, width) = target.elements(from: start)
        switch column.content {
        case .number(let scale, _, let style):
            let style = style ?? .plain
            return style.readsPlainNumbers
                ? encode(table, rows, to: target, scale) { plainNumber($0) ?? style.number($0) }
                : encode(table, rows, to: target, scale) { style.number($0) }
        case .date(let scale, let format):
            return encode(table, rows, to: target, scale) { format.days($0) }
        case .category:
            var next = first
            unseen += encode(table, rows) { number in
                for element in next...next + values.count { samples[element] = 0 }
                if let number { samples[next + number] = 1 }
                next += width
            }
        case .embedding:
            var next = first
            unseen += encode(table, rows) { number in
                samples[next] = number.map { Float($0 + 1) } ?? 0
                next += width
            }
        case .ignored, .label: break
        }
        return nil
    }

    /// Numbers, scaled, each with 1 behind it.
    @inline(__always) private func encode(
        _ table: CSV.Table, _ rows: ArraySlice<Int>, to target: Target,
        _ scale: NumberScale, _ number: (Span<UInt8>) -> Double?
    ) -> Int? {
        var wrong: Int?
        let (samples, first, width) = target.elements(from: start)
        var element = first
        table.forEachCell(of: place, in: rows) { row, cell in
            if missing.contains(cell) {
                (samples[element], samples[element + 1]) = (0, 0)
            } else if let number = number(cell) {
                samples[element] = Self.element(scale.scaled(number))
                samples[element + 1] = 1
            } else {
                wrong = wrong ?? row
            }
            element += width
        }
        return wrong
    }

    /// Calls `body` with the number of each value, the last for one that did not occur; nil where
    /// the cell is missing. Returns how many did not occur.
    @inline(__always) private func encode(
        _ table: CSV.Table, _ rows: ArraySlice<Int>, _ body: (_ number: Int?) -> Void
    ) -> Int {
        var others = 0
        table.forEachCell(of: place, in: rows) { _, cell in
            if missing.contains(cell) {
                body(nil)
            } else if let number = values.number(of: cell) {
                body(number)
            } else {
                others += 1
                body(values.count)
            }
        }
        return others
    }

    /// Limited to what a model can handle.
    private static func element(_ value: Double) -> Float { Float(min(max(value, -1e6), 1e6)) }
}

extension TableEncoding.Column {
    /// The text of a cell with such elements, written like the others of its column. A value that
    /// did not occur in training is never chosen.
    fileprivate func text(of cell: [Double]) -> String {
        switch content {
        case .number(let scale, _, _), .date(let scale, _):
            return text(of: scale.unscaled(cell[0]))
        case .category(let values):
            return values.indices.max { cell[$0] < cell[$1] }.map { values[$0] } ?? ""
        case .embedding(let values):
            // The numbers of values start at 1; NaN becomes the first.
            let number = Int(exactly: cell[0].rounded(.towardZero)) ?? 1
            return values[min(max(number, 1), values.count) - 1]
        case .ignored, .label: return ""
        }
    }
}
