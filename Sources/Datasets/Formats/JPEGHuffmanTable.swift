/// Looks up the prefix codes of a JPEG file.
///
/// The first `rootBits` bits select an entry. Longer codes lead to a second table, from which the
/// rest of the longest code selects.
struct JPEGHuffmanTable {
    enum Kind: Int, CustomStringConvertible {
        /// The average of a block, as the number of bits of its change.
        case average
        /// The other coefficients, as runs of zeros and the number of bits of what follows.
        case others

        var description: String { self == .average ? "DC" : "AC" }
    }

    static let rootBits = 10
    static let secondBits = 6
    static let rootSize = 1 << rootBits
    static let secondSize = 1 << secondBits

    /// Bits 0…4 of an entry: bits of the code, 0 if there is none. Bit 7: a link. Bits 8…15: the
    /// symbol, or the number of the second table.
    private(set) var entries: [UInt16]

    static let lengthMask: UInt16 = 31
    static let link: UInt16 = 1 << 7

    /// - Parameters:
    ///   - counts: how many codes there are of 1 to 16 bits.
    ///   - symbols: what they stand for, in the order of the codes.
    /// - Returns: nil if no prefix code has these lengths, or if symbols have no meaning.
    init?(_ kind: Kind, counts: [Int], symbols: [UInt8]) {
        guard symbols.count <= 256, kind == .others || symbols.allSatisfy({ $0 < 16 }) else {
            return nil
        }
        entries = [UInt16](repeating: 0, count: Self.rootSize)
        var code = 0
        var rest = symbols[...]
        for (length, count) in zip(1..., counts) {
            guard code + count <= 1 << length else { return nil }
            for symbol in rest.prefix(count) {
                insert(code, length, entry: UInt16(symbol) << 8 | UInt16(length))
                code += 1
            }
            rest = rest.dropFirst(count)
            code <<= 1
        }
    }

    private mutating func insert(_ code: Int, _ length: Int, entry: UInt16) {
        var start = 0
        var width = Self.rootBits
        var bits = code
        if length > Self.rootBits {
            let root = code >> (length - Self.rootBits)
            if entries[root] == 0 {
                entries[root] =
                    UInt16((entries.count - Self.rootSize) / Self.secondSize) << 8 | Self.link
                entries += repeatElement(0, count: Self.secondSize)
            }
            start = Self.rootSize + Int(entries[root] >> 8) * Self.secondSize
            width = 16
            bits &= 1 << (length - Self.rootBits) - 1
        }
        let first = start + bits << (width - length)
        for place in first..<first + 1 << (width - length) { entries[place] = entry }
    }
}
