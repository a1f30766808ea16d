/// Texts as views of their bytes in UTF-8.
extension Span<UInt8> {
    var isASCII: Bool {
        var all: UInt8 = 0
        for index in indices { all |= self[index] }
        return all < 0x80
    }

    var hasDigit: Bool {
        for index in indices where 0x30...0x39 ~= self[index] { return true }
        return false
    }

    /// At most eight bytes, and at least one, as an integer whose lowest byte is the first.
    @inline(__always) var word: UInt64 {
        if count >= 4 {
            // Sound: any four bytes are an integer, and these are the first and the last.
            let first = bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)
            let last = bytes.unsafeLoadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            return UInt64(UInt32(littleEndian: first))
                | UInt64(UInt32(littleEndian: last)) &<< UInt64(8 &* (count &- 4))
        }
        let middle = count / 2
        return UInt64(self[0]) | UInt64(self[middle]) &<< UInt64(8 &* middle)
            | UInt64(self[count - 1]) &<< UInt64(8 &* (count &- 1))
    }

    @inline(__always) func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        if 1...8 ~= count { return word == other.word }
        return hasEqualBytes(other)
    }

    private func hasEqualBytes(_ other: Span<UInt8>) -> Bool {
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// Where a part of the text is without the blanks around it, which are those of
    /// ``String/trimmed``.
    @inline(__always) func trimmed(_ range: Range<Int>) -> Range<Int> {
        // Most texts begin and end in ASCII characters that are not blanks.
        if range.isEmpty
            || 0x21..<0x7F ~= self[range.lowerBound] && 0x21..<0x7F ~= self[range.upperBound - 1]
        {
            return range
        }
        return mayHoldBlanks(range) ? trimmedByCharacters(range) : range
    }

    /// Whether a part of the text has a blank in it, or bytes that begin like one.
    private func mayHoldBlanks(_ range: Range<Int>) -> Bool {
        // As in 5 €: signs of currency are no blanks, nor marks that belong to one before them.
        if range.count > 3, 0x21..<0x7F ~= self[range.lowerBound],
            self[range.upperBound - 3] == 0xE2, self[range.upperBound - 2] == 0x82
        {
            return false
        }
        for index in range {
            switch self[index] {
            case 0x09...0x0D, 0x20: return true
            // U+0085, U+00A0; U+1680; U+2000 to U+205F; U+3000.
            case 0xC2...0xE3:
                guard index + 1 < range.upperBound else { return true }
                switch (self[index], self[index + 1]) {
                case (0xC2, 0x85), (0xC2, 0xA0), (0xE1, 0x9A), (0xE2, 0x80), (0xE2, 0x81),
                    (0xE3, 0x80):
                    return true
                default: continue
                }
            default: continue
            }
        }
        return false
    }

    @inline(never) private func trimmedByCharacters(_ range: Range<Int>) -> Range<Int> {
        let text = String(extracting(range))
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return range.lowerBound..<range.lowerBound }
        let utf8 = text.utf8
        return range.lowerBound + utf8.distance(from: utf8.startIndex, to: first)..<range.lowerBound
            + utf8.distance(from: utf8.startIndex, to: text.index(after: last))
    }
}

extension String {
    /// - Parameter text: in UTF-8.
    init(_ text: Span<UInt8>) {
        // Sound: the buffer is read within the call alone.
        self = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}

extension UInt64 {
    /// The place of the first byte with a value, from the lowest; 8 if there is none.
    @inline(__always) func firstPlace(of byte: UInt8) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = self ^ ones &* UInt64(byte)
        // The highest bit of the first zero; those above it may be wrong.
        return ((difference &- ones) & ~difference & ones << 7).trailingZeroBitCount >> 3
    }
}
