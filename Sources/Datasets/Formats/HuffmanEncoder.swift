/// A prefix code of least total length for given symbol counts.
struct HuffmanEncoder {
    /// Bits of each symbol's code, 0 if the symbol does not occur.
    let lengths: [UInt8]
    /// The codes, with the first bit lowest.
    private let codes: [Int]

    /// The code has at most `longest` bits per symbol: if Huffman's has more, the counts are made
    /// more equal until it fits.
    init(counts: [Int], longest: Int) {
        var weights = counts
        var lengths = Self.huffmanLengths(weights)
        while lengths.contains(where: { $0 > longest }) {
            weights = weights.map { $0 == 0 ? 0 : $0 / 2 + 1 }
            lengths = Self.huffmanLengths(weights)
        }
        self.lengths = lengths

        var code = 0
        var codes = [Int](repeating: 0, count: counts.count)
        for length in 1...max(longest, 1) {
            code <<= 1
            for symbol in lengths.indices where Int(lengths[symbol]) == length {
                codes[symbol] = reverse(code, bits: length)
                code += 1
            }
        }
        self.codes = codes
    }

    func write(_ symbol: Int, to writer: inout BitWriter) {
        writer.append(codes[symbol], bits: Int(lengths[symbol]))
    }

    func bitCount(_ counts: [Int]) -> Int {
        zip(counts, lengths).reduce(0) { $0 + $1.0 * Int($1.1) }
    }

    /// Huffman's algorithm on sorted weights: the two lightest trees are joined repeatedly; joined
    /// trees come out in order of weight, so two queues suffice.
    private static func huffmanLengths(_ weights: [Int]) -> [UInt8] {
        var lengths = [UInt8](repeating: 0, count: weights.count)
        let leaves = weights.indices.filter { weights[$0] > 0 }
            .sorted { (weights[$0], $0) < (weights[$1], $1) }
        guard leaves.count > 1 else {
            for leaf in leaves { lengths[leaf] = 1 }
            return lengths
        }
        var nodes = leaves.map { weights[$0] }
        var parents = [Int](repeating: 0, count: 2 * leaves.count - 1)
        var (leaf, joined) = (0, leaves.count)
        while nodes.count < parents.count {
            var weight = 0
            for _ in 0..<2 {
                let takesLeaf =
                    leaf < leaves.count && (joined == nodes.count || nodes[leaf] <= nodes[joined])
                let lightest = takesLeaf ? leaf : joined
                if takesLeaf { leaf += 1 } else { joined += 1 }
                weight += nodes[lightest]
                parents[lightest] = nodes.count
            }
            nodes.append(weight)
        }
        var depths = [UInt8](repeating: 0, count: nodes.count)
        for node in nodes.indices.dropLast().reversed() { depths[node] = depths[parents[node]] + 1 }
        for (node, leaf) in leaves.enumerated() { lengths[leaf] = depths[node] }
        return lengths
    }
}

/// How a block encodes the lengths of its two codes (RFC 1951, section 3.2.7).
struct CodeHeader {
    private let literalCount: Int
    private let distanceCount: Int
    private let symbols: [(symbol: Int, extra: Int, extraBits: Int)]
    private let code: HuffmanEncoder
    private let counts: [Int]
    private let codeLengthCount: Int

    init(literals: [UInt8], distances: [UInt8]) {
        literalCount = max(257, (literals.lastIndex { $0 > 0 } ?? 0) + 1)
        distanceCount = max(1, (distances.lastIndex { $0 > 0 } ?? 0) + 1)
        symbols = Self.runs(Array(literals.prefix(literalCount) + distances.prefix(distanceCount)))
        var counts = [Int](repeating: 0, count: 19)
        for (symbol, _, _) in symbols { counts[symbol] += 1 }
        self.counts = counts
        let code = HuffmanEncoder(counts: counts, longest: 7)
        self.code = code
        let last = DeflateAlphabet.codeLengthOrder.lastIndex { code.lengths[$0] > 0 } ?? 0
        codeLengthCount = max(4, last + 1)
    }

    var bitCount: Int {
        17 + 3 * codeLengthCount + code.bitCount(counts)
            + symbols.reduce(0) { $0 + $1.extraBits }
    }

    func write(to writer: inout BitWriter) {
        writer.append(literalCount - 257, bits: 5)
        writer.append(distanceCount - 1, bits: 5)
        writer.append(codeLengthCount - 4, bits: 4)
        for symbol in DeflateAlphabet.codeLengthOrder.prefix(codeLengthCount) {
            writer.append(Int(code.lengths[symbol]), bits: 3)
        }
        for (symbol, extra, extraBits) in symbols {
            code.write(symbol, to: &writer)
            writer.append(extra, bits: extraBits)
        }
    }

    /// The lengths, with repetitions run-length encoded.
    private static func runs(_ lengths: [UInt8]) -> [(symbol: Int, extra: Int, extraBits: Int)] {
        var symbols: [(Int, Int, Int)] = []
        var position = 0
        while position < lengths.count {
            let length = lengths[position]
            let run = lengths[position...].prefix { $0 == length }.count
            switch (length, run) {
            case (0, 11...):
                symbols.append((18, min(run, 138) - 11, 7))
                position += min(run, 138)
            case (0, 3...):
                symbols.append((17, run - 3, 3))
                position += run
            case (1..., 4...):
                symbols.append((Int(length), 0, 0))
                symbols.append((16, min(run - 1, 6) - 3, 2))
                position += 1 + min(run - 1, 6)
            default:
                symbols.append((Int(length), 0, 0))
                position += 1
            }
        }
        return symbols
    }
}
