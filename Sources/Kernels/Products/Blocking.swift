/// How a product is split into blocks, and which of its factors are packed.
struct Blocking<V: Vector> {
    let depthBlock: Int
    let columnBlock: Int
    let packsLeft: Bool
    let packsRight: Bool
    let fetchesAhead: Bool
    private let rowBlock: Int

    /// A strip of this depth takes half of a first-level cache, 24 KB.
    @inline(__always) private static var mostDepth: Int { 2048 / size }
    /// A block of this width takes half of a second-level cache, 512 KB.
    @inline(__always) private static var mostColumns: Int { 256 }
    /// How many rows of the left factor are packed at a time: whole cache lines, even if the
    /// elements of a row are far apart.
    @inline(__always) static var mostRows: Int { 8 * RegisterTile<V>.rows }
    @inline(__always) private static var size: Int { MemoryLayout<V.Element>.size }

    @inline(__always)
    init(
        rows: Int, columns: Int, depth: Int,
        leftRowStride: Int, leftColumnStride: Int, rightRowStride: Int, rightColumnStride: Int
    ) {
        depthBlock = Self.evenly(depth, atMost: Self.mostDepth, multipleOf: 1)
        columnBlock = Self.evenly(
            columns, atMost: Self.mostColumns, multipleOf: RegisterTile<V>.columns)
        rowBlock = min(rows, Self.mostRows)
        packsRight =
            rightColumnStride != 1 || Self.packingPays(stride: rightRowStride, uses: rows)
        packsLeft =
            leftColumnStride != 1
            && (leftRowStride != 1 || Self.packingPays(stride: leftColumnStride, uses: columns))
        fetchesAhead = rows * depth * Self.size > 1 << 20
    }

    /// Elements of workspace for a block of the right factor, and for that and a block of the left
    /// one.
    @inline(__always) var rightWorkspace: Int { packsRight ? depthBlock * columnBlock : 0 }
    @inline(__always) var workspace: Int {
        rightWorkspace + (packsLeft ? depthBlock * rowBlock : 0)
    }
    @inline(__always) static var mostWorkspace: Int {
        mostDepth * (mostColumns + RegisterTile<V>.columns + mostRows)
    }

    /// Whether it is better to copy a factor that could be read in place, given the number of uses
    /// of each element: rows a page or more apart burden the address translation and share few
    /// cache sets; otherwise a copy only pays if there is so much work that it costs next to
    /// nothing.
    @inline(__always)
    private static func packingPays(stride: Int, uses: Int) -> Bool {
        uses > (stride * size >= 4096 ? 64 : 800)
    }

    /// The size of the smallest number of equal blocks, none larger than `most`, rounded up to a
    /// multiple.
    @inline(__always)
    private static func evenly(_ size: Int, atMost most: Int, multipleOf multiple: Int) -> Int {
        // Divisions would matter in the smallest products.
        guard size > most else { return (size + multiple - 1) / multiple * multiple }
        let blocks = (size + most - 1) / most
        let block = (size + blocks - 1) / blocks
        return (block + multiple - 1) / multiple * multiple
    }
}
