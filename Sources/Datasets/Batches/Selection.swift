import Autograd

/// Some samples of a source, in an order of their own, without a copy of them.
public struct Selection: DataSource {
    private let source: any DataSource
    private let positions: [Int]

    /// Traps if a position is out of range.
    public init(_ positions: [Int], of source: any DataSource) {
        if let position = positions.first(where: { !(0..<source.count ~= $0) }) {
            programmerError("Selection", "no sample \(position) of \(source.count)")
        }
        (self.source, self.positions) = (source, positions)
    }

    public var count: Int { positions.count }
    public var sampleShape: [Int] { source.sampleShape }

    public func batch(at positions: [Int], as dataType: DataType) throws -> Batch {
        try source.batch(at: positions.map { self.positions[$0] }, as: dataType)
    }

    public func batch(
        at positions: [Int], as dataType: DataType, using generator: inout RandomGenerator
    ) throws -> Batch {
        try source.batch(
            at: positions.map { self.positions[$0] }, as: dataType, using: &generator)
    }

    public var firstNotFinite: Int? {
        // If the source's first is not among these, another may be, which is not known.
        source.firstNotFinite.flatMap { positions.firstIndex(of: $0) }
    }
}
