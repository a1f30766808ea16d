/// Offsets that do not descend: 4 bytes each, or 8 once they exceed 4 GiB.
struct Offsets: Sendable {
    private var narrow: [UInt32] = []
    private var wide: [Int] = []

    init(_ first: Int) { append(first) }

    var count: Int { narrow.count + wide.count }
    var last: Int { self[count - 1] }

    @inline(__always) subscript(index: Int) -> Int {
        wide.isEmpty ? Int(narrow[index]) : wide[index]
    }

    /// From an offset to the next.
    @inline(__always) func range(from index: Int) -> Range<Int> {
        wide.isEmpty
            ? Int(narrow[index])..<Int(narrow[index + 1]) : wide[index]..<wide[index + 1]
    }

    @inline(__always) mutating func append(_ offset: Int) {
        if wide.isEmpty, let short = UInt32(exactly: offset) {
            narrow.append(short)
        } else {
            appendWide(offset)
        }
    }

    @inline(never) private mutating func appendWide(_ offset: Int) {
        if wide.isEmpty {
            wide = narrow.map(Int.init)
            narrow = []
        }
        wide.append(offset)
    }

    mutating func reserve(_ count: Int) { narrow.reserveCapacity(count) }
    mutating func removeLast() { _ = wide.isEmpty ? Int(narrow.removeLast()) : wide.removeLast() }

    mutating func removeFirst(_ count: Int) {
        if wide.isEmpty { narrow.removeFirst(count) } else { wide.removeFirst(count) }
    }
}
