/// Compresses bytes to the DEFLATE format (RFC 1951): matches found through hash chains, with a
/// lookahead of one symbol, and for every block a Huffman code of its own or, if that is shorter,
/// the bytes uncompressed.
struct Deflater {
    private typealias Alphabet = DeflateAlphabet

    private static let hashBits = 15
    /// How many earlier positions are compared for the longest match.
    private static let longestChain = 64
    /// A match of this length is taken without searching further.
    private static let goodLength = 128
    private static let symbolsPerBlock = 1 << 15

    private let input: [UInt8]
    private var writer = BitWriter()
    /// The last position whose three bytes have this hash, or -1.
    private var head = [Int32](repeating: -1, count: 1 << hashBits)
    /// The previous position with the same hash, for each position in the window.
    private var previous = [Int32](repeating: -1, count: Alphabet.windowSize)
    /// Literals unchanged; matches as distance << 16 | length.
    private var symbols: [UInt32] = []
    private var blockStart = 0

    /// The compressed bytes of at most 2³¹ − 1 input bytes.
    static func deflate(_ input: [UInt8]) -> [UInt8] {
        precondition(input.count <= Int32.max, "deflate: \(input.count) bytes are too many")
        var deflater = Deflater(input)
        deflater.compress()
        return deflater.writer.finished()
    }

    private init(_ input: [UInt8]) { self.input = input }

    private mutating func compress() {
        var position = 0
        var match = longestMatch(at: 0)
        while position < input.count {
            insert(position)
            let next =
                match.length < Self.goodLength
                ? longestMatch(at: position + 1) : (length: 0, distance: 0)
            if match.length >= Alphabet.shortestMatch && match.length >= next.length {
                symbols.append(UInt32(match.distance) << 16 | UInt32(match.length))
                for skipped in position + 1..<position + match.length { insert(skipped) }
                position += match.length
                match = longestMatch(at: position)
            } else {
                symbols.append(UInt32(input[position]))
                position += 1
                match = next
            }
            if symbols.count >= Self.symbolsPerBlock && position < input.count {
                writeBlock(end: position, isLast: false)
            }
        }
        writeBlock(end: position, isLast: true)
    }

    // MARK: Matches

    private func hash(at position: Int) -> Int? {
        guard position + 2 < input.count else { return nil }
        let three =
            UInt32(input[position]) << 16 | UInt32(input[position + 1]) << 8
            | UInt32(input[position + 2])
        return Int((three &* 0x9E37_79B1) >> UInt32(32 - Self.hashBits))
    }

    private mutating func insert(_ position: Int) {
        guard let hash = hash(at: position) else { return }
        previous[position % Alphabet.windowSize] = head[hash]
        head[hash] = Int32(position)
    }

    private func longestMatch(at position: Int) -> (length: Int, distance: Int) {
        guard let hash = hash(at: position) else { return (0, 0) }
        let longest = min(Alphabet.longestMatch, input.count - position)
        var best = (length: 0, distance: 0)
        var candidate = Int(head[hash])
        var chain = Self.longestChain
        while candidate >= 0 && position - candidate < Alphabet.windowSize && chain > 0 {
            if best.length == 0 || input[candidate + best.length] == input[position + best.length] {
                var length = 0
                while length < longest && input[candidate + length] == input[position + length] {
                    length += 1
                }
                if length > best.length { best = (length, position - candidate) }
                if length == longest { break }
            }
            candidate = Int(previous[candidate % Alphabet.windowSize])
            chain -= 1
        }
        return best
    }

    // MARK: Blocks

    private mutating func writeBlock(end: Int, isLast: Bool) {
        var literalCounts = [Int](repeating: 0, count: 286)
        var distanceCounts = [Int](repeating: 0, count: 30)
        literalCounts[Alphabet.endOfBlock] = 1
        for symbol in symbols {
            if symbol >> 16 == 0 {
                literalCounts[Int(symbol)] += 1
            } else {
                literalCounts[257 + Self.lengthSymbols[Int(symbol & 0xFFFF)]] += 1
                distanceCounts[Self.distanceSymbol(Int(symbol >> 16))] += 1
            }
        }
        let literals = HuffmanEncoder(counts: literalCounts, longest: 15)
        let distances = HuffmanEncoder(counts: distanceCounts, longest: 15)
        let header = CodeHeader(literals: literals.lengths, distances: distances.lengths)

        let extraBits =
            zip(literalCounts[257...], Alphabet.lengths).reduce(0) { $0 + $1.0 * $1.1.extraBits }
            + zip(distanceCounts, Alphabet.distances).reduce(0) { $0 + $1.0 * $1.1.extraBits }
        let codedBits =
            header.bitCount + literals.bitCount(literalCounts)
            + distances.bitCount(distanceCounts) + extraBits
        let storedBlocks = (end - blockStart) / 0xFFFF + 1
        if codedBits < 8 * (end - blockStart) + 40 * storedBlocks {
            writer.append(isLast ? 1 : 0, bits: 1)
            writer.append(2, bits: 2)
            header.write(to: &writer)
            writeSymbols(literals, distances)
        } else {
            writeStored(end: end, isLast: isLast)
        }
        symbols.removeAll(keepingCapacity: true)
        blockStart = end
    }

    private mutating func writeSymbols(_ literals: HuffmanEncoder, _ distances: HuffmanEncoder) {
        for symbol in symbols {
            guard symbol >> 16 > 0 else {
                literals.write(Int(symbol), to: &writer)
                continue
            }
            let length = Int(symbol & 0xFFFF)
            let lengthSymbol = Self.lengthSymbols[length]
            let lengthRange = Alphabet.lengths[lengthSymbol]
            literals.write(257 + lengthSymbol, to: &writer)
            writer.append(length - lengthRange.base, bits: lengthRange.extraBits)

            let distance = Int(symbol >> 16)
            let distanceSymbol = Self.distanceSymbol(distance)
            let distanceRange = Alphabet.distances[distanceSymbol]
            distances.write(distanceSymbol, to: &writer)
            writer.append(distance - distanceRange.base, bits: distanceRange.extraBits)
        }
        literals.write(Alphabet.endOfBlock, to: &writer)
    }

    private mutating func writeStored(end: Int, isLast: Bool) {
        var start = blockStart
        repeat {
            let length = min(end - start, 0xFFFF)
            writer.append(isLast && start + length == end ? 1 : 0, bits: 1)
            writer.append(0, bits: 2)
            writer.alignToByte()
            writer.append(length, bits: 16)
            writer.append(length ^ 0xFFFF, bits: 16)
            for byte in input[start..<start + length] { writer.append(Int(byte), bits: 8) }
            start += length
        } while start < end
    }

    /// The symbol, counted from 257, of each length of a match.
    private static let lengthSymbols: [Int] = (0...Alphabet.longestMatch).map { length in
        Alphabet.lengths.lastIndex { $0.base <= length } ?? 0
    }

    private static func distanceSymbol(_ distance: Int) -> Int {
        guard distance > 4 else { return distance - 1 }
        // Two symbols for each power of two: its lower and its upper half.
        let extraBits = Int.bitWidth - 2 - (distance - 1).leadingZeroBitCount
        return 2 * extraBits + (distance - 1) >> extraBits
    }
}

/// Writes bits into bytes, least significant first.
struct BitWriter {
    private var bytes: [UInt8] = []
    private var bits: UInt64 = 0
    private var count = 0

    /// Appends the lowest `bits` bits of the value, at most 32.
    mutating func append(_ value: Int, bits added: Int) {
        bits |= UInt64(value) << UInt64(count)
        count += added
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            count -= 8
        }
    }

    mutating func alignToByte() {
        if count > 0 { append(0, bits: 8 - count) }
    }

    consuming func finished() -> [UInt8] {
        alignToByte()
        return bytes
    }
}
