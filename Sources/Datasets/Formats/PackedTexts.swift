/// Texts one after another in UTF-8, and where each ends: a million short texts take little more
/// memory than their bytes. A `String` is made only of those that are asked for.
struct PackedTexts: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where texts begin, and where the last one ends.
    private var bounds = Offsets(0)

    init() {}

    /// - Parameter bounds: where each text begins in `bytes`, and where the last one ends.
    init(_ bytes: [UInt8], bounds: Offsets) {
        self.bytes = bytes
        self.bounds = bounds
    }

    var count: Int { bounds.count - 1 }

    subscript(index: Int) -> String {
        String(decoding: bytes[range(of: index)], as: UTF8.self)
    }

    /// Where a text is within `bytes`.
    @inline(__always) func range(of index: Int) -> Range<Int> {
        bounds.range(from: index)
    }

    mutating func reserve(_ count: Int, bytes byteCount: Int) {
        bytes.reserveCapacity(byteCount)
        bounds.reserve(count + 1)
    }

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bounds.append(bytes.count)
    }

    mutating func append(_ text: Span<UInt8>) {
        for index in text.indices { bytes.append(text[index]) }
        bounds.append(bytes.count)
    }

    /// Appends some texts of another list, which follow one another there.
    mutating func append(_ range: Range<Int>, of other: PackedTexts) {
        let start = other.bounds[range.lowerBound]
        let shift = bytes.count - start
        bytes += other.bytes[start..<other.bounds[range.upperBound]]
        for index in range { bounds.append(other.bounds[index + 1] + shift) }
    }

    mutating func removeFirst(_ count: Int) { bounds.removeFirst(count) }
}
