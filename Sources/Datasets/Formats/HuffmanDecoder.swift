/// Looks up prefix codes of DEFLATE (RFC 1951, section 3.2.2) in a table.
///
/// The first `rootBits` bits of the input select an entry. Longer codes lead to a second table,
/// from which the following bits select.
struct HuffmanDecoder {
    /// What a code stands for, packed into 32 bits.
    struct Entry {
        /// Bits 0…7: bits of the code. Bits 8…11: number of extra bits, or the
        /// width of a second table. Bits 12…15: kind. Bits 16…31: value.
        var word: UInt32

        private init(_ kind: UInt32, value: Int, extraBits: Int) {
            word = kind | UInt32(value) << 16 | UInt32(extraBits) << 8
        }

        static let literalKind: UInt32 = 1 << 12
        static let linkKind: UInt32 = 1 << 13
        static let endKind: UInt32 = 1 << 14
        static let invalidKind: UInt32 = 1 << 15

        static let endOfBlock = Entry(endKind, value: 0, extraBits: 0)
        static let invalid = Entry(invalidKind, value: 0, extraBits: 0)

        static func literal(_ value: Int) -> Entry {
            Entry(literalKind, value: value, extraBits: 0)
        }
        static func base(_ value: Int, extraBits: Int) -> Entry {
            Entry(0, value: value, extraBits: extraBits)
        }
        static func link(to offset: Int, width: Int) -> Entry {
            Entry(linkKind, value: offset, extraBits: width)
        }

        func coded(in bits: Int) -> UInt32 { word | UInt32(bits) }
    }

    private(set) var table: [UInt32]
    let rootBits: Int

    /// - Parameters:
    ///   - lengths: bits of each symbol's code, 0 if it has none, at most 15.
    ///   - entries: what each symbol stands for; at least as many as lengths.
    /// - Returns: nil if no prefix code has these lengths, or if they leave codes unused. As usual,
    ///   a single code of one bit may leave one unused, and an alphabet that is never used may be
    ///   empty.
    init?(lengths: some Collection<UInt8>, entries: [Entry], rootBits: Int) {
        var counts = [Int](repeating: 0, count: 16)
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        let longest = counts.lastIndex { $0 > 0 } ?? 0

        var unused = 1
        var code = 0
        var nextCode = [Int](repeating: 0, count: 16)
        for length in 1...15 {
            unused = 2 * unused - counts[length]
            guard unused >= 0 else { return nil }
            code = (code + counts[length - 1]) << 1
            nextCode[length] = code
        }
        guard unused == 0 || longest <= 1 else { return nil }

        self.rootBits = rootBits
        let rootSize = 1 << rootBits
        table = [UInt32](repeating: Entry.invalid.coded(in: 0), count: rootSize)

        // Bits arrive least significant first, codes most significant first.
        var codes: [(symbol: Int, reversed: Int, length: Int)] = []
        var widths = [Int](repeating: 0, count: longest > rootBits ? rootSize : 0)
        for (symbol, length) in lengths.enumerated() where length > 0 {
            let length = Int(length)
            let reversed = reverse(nextCode[length], bits: length)
            nextCode[length] += 1
            codes.append((symbol, reversed, length))
            if length > rootBits {
                let root = reversed & (rootSize - 1)
                widths[root] = max(widths[root], length - rootBits)
            }
        }
        for (root, width) in widths.enumerated() where width > 0 {
            table[root] = Entry.link(to: table.count, width: width).coded(in: rootBits)
            for _ in 0..<1 << width { table.append(Entry.invalid.coded(in: 0)) }
        }
        for (symbol, reversed, length) in codes {
            if length <= rootBits {
                let entry = entries[symbol].coded(in: length)
                for index in stride(from: reversed, to: rootSize, by: 1 << length) {
                    table[index] = entry
                }
            } else {
                let root = reversed & (rootSize - 1)
                let offset = Int(table[root] >> 16)
                let entry = entries[symbol].coded(in: length - rootBits)
                let first = reversed >> rootBits
                for index in stride(
                    from: first, to: 1 << widths[root], by: 1 << (length - rootBits))
                {
                    table[offset + index] = entry
                }
            }
        }
    }
}

/// The lowest `bits` bits of `code` in the opposite order.
func reverse(_ code: Int, bits: Int) -> Int {
    var (code, reversed) = (code, 0)
    for _ in 0..<bits {
        reversed = reversed << 1 | code & 1
        code >>= 1
    }
    return reversed
}
