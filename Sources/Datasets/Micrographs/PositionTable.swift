import Autograd
import FileSupport

/// A table of positions, `y` and `x` in pixels and, for the images of a stack, `frame` from 1, with
/// whatever else it says of them.
public struct PositionTable: Sendable {
    public let path: String
    public let positions: [AtomPosition]
    /// Whether it says in which image of a stack each position is.
    public let hasFrames: Bool
    private let table: CSV.Table

    /// Reads a file `.csv`, gzipped or not. Without a header, its columns are y and x.
    ///
    /// - Throws: if columns or rows are missing, or a cell of these columns is no number, with its line.
    public init(contentsOf path: String) throws(FileError) {
        let table = try CSV.Table(contentsOf: path)
        self.path = path
        self.table = table
        guard table.rowCount > 0 else {
            throw FileError(path: path, expected: "positions", found: "none")
        }
        let isNamed = table.reading?.hasHeader != false
        let names = isNamed ? table.header : table.columnCount == 2 ? ["y", "x"] : []
        guard let vertical = names.firstIndex(of: "y"), let horizontal = names.firstIndex(of: "x")
        else {
            throw FileError(
                path: path, expected: "columns named y and x, or two without names",
                found: isNamed
                    ? "the columns \(table.header.quotedList(most: 8))"
                    : "\(table.columnCount) without names")
        }
        let numbers = try [vertical, horizontal].map { column throws(FileError) in
            try Self.numbers(of: column, in: table, path: path)
        }
        let frames = names.firstIndex(of: "frame")
        let numbered = try frames.map { column throws(FileError) in
            try Self.numbers(of: column, in: table, path: path)
        }
        hasFrames = frames != nil
        var positions: [AtomPosition] = []
        for row in 0..<table.rowCount {
            let frame = numbered?[row] ?? 1
            guard frame >= 1, frame <= 1e6, frame == frame.rounded() else {
                throw FileError(
                    path: path,
                    expected:
                        "the number of an image, from 1, in line \(Self.line(of: row, in: table))",
                    found: "\(frame)")
            }
            positions.append(
                // Sound: a whole number up to a million.
                AtomPosition(frame: Int(frame) - 1, y: numbers[0][row], x: numbers[1][row]))
        }
        self.positions = positions
    }

    /// The cells of a column as text; nil if there is no such column.
    public func texts(of column: String) -> [String]? {
        table.header.firstIndex(of: column).map { place in
            (0..<table.rowCount).map { table.cell($0, place) }
        }
    }

    /// The cells of a column as numbers; nil if there is no such column.
    public func numbers(of column: String) throws(FileError) -> [Double]? {
        guard let place = table.header.firstIndex(of: column) else { return nil }
        return try Self.numbers(of: place, in: table, path: path)
    }

    private static func numbers(
        of column: Int, in table: CSV.Table, path: String
    ) throws(FileError) -> [Double] {
        try table.numbers(of: [column]) { _, field in
            plainNumber(field)
        } orThrow: { row, column in
            FileError(
                noNumber: table[row, column], inLine: line(of: row, in: table), column: column,
                of: table.header, path: path)
        }.elements(as: Double.self)
    }

    private static func line(of row: Int, in table: CSV.Table) -> Int {
        table.reading?.rowLines[row] ?? row + 1
    }

    /// Its positions in the images of a stack: those without a number of an image are in all of them.
    ///
    /// - Throws: if one is outside, with its line.
    public func positions(in stack: [Micrograph]) throws(FileError) -> [AtomPosition] {
        for (row, position) in positions.enumerated() {
            let line = Self.line(of: row, in: table)
            guard position.frame < stack.count else {
                throw FileError(
                    path: path, expected: "an image from 1 to \(stack.count) in line \(line)",
                    found: "\(position.frame + 1)")
            }
            let (height, width) = (stack[position.frame].height, stack[position.frame].width)
            guard position.isInside(height: height, width: width) else {
                throw FileError(
                    path: path,
                    expected: "a position within \(height) × \(width) pixels in line \(line)",
                    found: "y \(position.y), x \(position.x)")
            }
        }
        guard !hasFrames else { return positions }
        return stack.indices.flatMap { frame in
            positions.map { AtomPosition(frame: frame, y: $0.y, x: $0.x) }
        }
    }
}
