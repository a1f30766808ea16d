/// The lines in which the rows of a table begin: nearly always one after another, so only the
/// others are kept.
struct RowLines: Hashable, Sendable {
    private struct Start: Hashable {
        let row: Int
        let line: Int
    }

    private(set) var count = 0
    /// Rows that do not begin in the line after the one before.
    private var starts: [Start] = []

    init() {}

    mutating func append(_ line: Int) {
        if starts.last.map({ $0.line + count - $0.row }) != line {
            starts.append(Start(row: count, line: line))
        }
        count += 1
    }

    subscript(row: Int) -> Int {
        var (lower, upper) = (0, starts.count)
        while upper - lower > 1 {
            let middle = (lower + upper) / 2
            if starts[middle].row <= row { lower = middle } else { upper = middle }
        }
        return starts[lower].line + row - starts[lower].row
    }

    var all: [Int] { (0..<count).map { self[$0] } }

    mutating func removeFirst() {
        let next = self[0] + 1
        count -= 1
        starts = starts.dropFirst().map { Start(row: $0.row - 1, line: $0.line) }
        if count > 0, starts.first?.row != 0 { starts.insert(Start(row: 0, line: next), at: 0) }
    }
}
