import FileSupport

/// The order in which the coefficients of a block are coded.
enum ZigZag {
    /// The place of each in the rows of the block: along the diagonals from the top left, each in
    /// the opposite direction of the one before.
    static let order: [UInt8] = (0..<64).sorted { first, second in
        rank(first) < rank(second)
    }.map(UInt8.init)

    private static func rank(_ place: Int) -> Int {
        let (row, column) = (place / 8, place % 8)
        return 8 * (row + column) + ((row + column) % 2 == 0 ? column : row)
    }
}

/// The tables of a JPEG file that are valid until they are replaced.
struct JPEGTables {
    private var quantization = [[UInt16]?](repeating: nil, count: 4)
    private var huffman = [[JPEGHuffmanTable?]](
        repeating: [JPEGHuffmanTable?](repeating: nil, count: 4), count: 2)

    /// What the coefficients are multiplied by, in the order of coding.
    func quantization(_ index: Int, path: String) throws(FileError) -> [UInt16] {
        guard let table = quantization[index] else {
            throw FileError(path: path, expected: "quantization table \(index)", found: "none")
        }
        return table
    }

    func huffman(
        _ kind: JPEGHuffmanTable.Kind, _ index: Int, path: String
    ) throws(FileError) -> JPEGHuffmanTable {
        guard let table = huffman[kind.rawValue][index] else {
            throw FileError(
                path: path, expected: "Huffman table \(index) of \(kind)", found: "none")
        }
        return table
    }

    mutating func readQuantization(_ segment: JPEGSegment) throws(FileError) {
        var segment = segment
        while !segment.isEmpty {
            let (precision, index) = try segment.halves()
            guard precision <= 1, index < 4 else {
                throw FileError(
                    path: segment.path, expected: "quantization table 0 to 3 of 8 or 16 bits",
                    found: "table \(index), precision \(precision)")
            }
            var table: [UInt16] = []
            for _ in 0..<64 {
                table.append(UInt16(precision == 0 ? try segment.byte() : try segment.word()))
            }
            quantization[index] = table
        }
    }

    mutating func readHuffman(_ segment: JPEGSegment) throws(FileError) {
        var segment = segment
        while !segment.isEmpty {
            let (number, index) = try segment.halves()
            guard let kind = JPEGHuffmanTable.Kind(rawValue: number), index < 4 else {
                throw FileError(
                    path: segment.path, expected: "Huffman table 0 to 3 of kind 0 or 1",
                    found: "table \(index) of kind \(number)")
            }
            var counts: [Int] = []
            for _ in 0..<16 { counts.append(try segment.byte()) }
            var symbols: [UInt8] = []
            for _ in 0..<counts.reduce(0, +) { symbols.append(UInt8(try segment.byte())) }
            guard let table = JPEGHuffmanTable(kind, counts: counts, symbols: symbols) else {
                throw FileError(
                    path: segment.path, expected: "a Huffman code of \(kind)",
                    found: "impossible lengths or symbols in table \(index)")
            }
            huffman[kind.rawValue][index] = table
        }
    }
}
