import Testing

@testable import Datasets

@Suite struct OffsetsTests {
    /// The same whether all fit into 4 bytes, none does, or the first that does not comes between.
    @Test func offsetsBeyondFourGibibytesAreKept() {
        let limit = Int(UInt32.max)
        for values in [
            [0, 3, 3, 9, limit - 1, limit], [limit + 1, limit + 1, limit + 7, Int.max],
            [0, 5, limit - 1, limit, limit + 1, limit + 1, 1 << 40, Int.max],
        ] {
            var offsets = Offsets(values[0])
            offsets.reserve(values.count)
            for value in values.dropFirst() { offsets.append(value) }
            #expect(offsets.count == values.count && offsets.last == values.last)
            #expect(values.indices.map { offsets[$0] } == values)
            for index in 0..<values.count - 1 {
                #expect(offsets.range(from: index) == values[index]..<values[index + 1])
            }
            offsets.removeLast()
            offsets.removeFirst(2)
            #expect((0..<offsets.count).map { offsets[$0] } == Array(values[2...].dropLast()))
            offsets.append(Int.max)
            #expect(offsets.count == values.count - 2 && offsets.last == .max)
        }
    }
}
