/// The symbols of DEFLATE (RFC 1951, section 3.2.5), for both directions.
enum DeflateAlphabet {
    static let endOfBlock = 256
    static let shortestMatch = 3
    static let longestMatch = 258
    static let windowSize = 32768

    /// Symbols 257…285: the shortest match each stands for and its extra bits.
    static let lengths: [(base: Int, extraBits: Int)] =
        ranges(count: 28, first: 3, perWidth: 4) + [(258, 0)]

    /// Symbols 0…29: the smallest distance each stands for and its extra bits.
    static let distances: [(base: Int, extraBits: Int)] = ranges(count: 30, first: 1, perWidth: 2)

    /// The order in which the lengths of the code-length code are sent.
    static let codeLengthOrder = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    /// Code lengths of the fixed code (section 3.2.6).
    static let fixedLiteralLengths: [UInt8] =
        .init(repeating: 8, count: 144) + .init(repeating: 9, count: 112)
        + .init(repeating: 7, count: 24) + .init(repeating: 8, count: 8)
    static let fixedDistanceLengths = [UInt8](repeating: 5, count: 32)

    /// Adjacent ranges: twice `perWidth` of one value, then `perWidth` of each power of two.
    private static func ranges(count: Int, first: Int, perWidth: Int) -> [(Int, Int)] {
        var base = first
        return (0..<count).map { index in
            let extraBits = max(index / perWidth - 1, 0)
            defer { base += 1 << extraBits }
            return (base, extraBits)
        }
    }
}
