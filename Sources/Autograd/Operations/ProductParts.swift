/// How the result of a product is split among the threads: into a grid of parts of about the same
/// size.
struct ProductParts {
    let count: Int
    /// How many parts (of several small products) make up one block of parallel work.
    let grain: Int
    private let rows: Int
    private let columns: Int
    private var height: Int
    private var width: Int
    private var across = 1

    /// Multiply-adds that take some microseconds: enough to pay for another thread.
    private static let worthwhile = 1 << 19

    init(rows: Int, columns: Int, depth: Int) {
        self.rows = rows
        self.columns = columns
        height = rows
        width = columns
        let work = rows * columns * depth
        let threads = min(Threads.count, work / Self.worthwhile)
        grain = max(1, Self.worthwhile / max(1, work))
        guard threads > 1 else {
            count = 1
            return
        }
        // If there is much work, a thread that is delayed leaves parts to the others.
        let wanted = work >> 26 >= threads ? 4 * threads : threads
        var least = Int.max
        for down in 1...wanted where wanted % down == 0 {
            let height = Self.part(of: rows, in: down, multipleOf: kernels.tileRows)
            let width = Self.part(
                of: columns, in: wanted / down, multipleOf: kernels.tileColumns / 2)
            let cost = Self.cost(height, width)
            if cost < least {
                (least, self.height, self.width) = (cost, height, width)
            }
        }
        across = (columns + width - 1) / width
        count = across * ((rows + height - 1) / height)
    }

    /// The time of a part in multiply-adds per step of the depth. Reading an element of the left
    /// factor takes about as long as 4 of them, reading or packing one of the right factor as 8.
    private static func cost(_ height: Int, _ width: Int) -> Int {
        height * width + 4 * height + 8 * width
    }

    private static func part(of size: Int, in count: Int, multipleOf multiple: Int) -> Int {
        let part = (size + count - 1) / count
        return (part + multiple - 1) / multiple * multiple
    }

    subscript(part: Int) -> (rows: Range<Int>, columns: Range<Int>) {
        let (row, column) = (part / across * height, part % across * width)
        return (row..<min(row + height, rows), column..<min(column + width, columns))
    }
}
