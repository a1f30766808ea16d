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

    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
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
