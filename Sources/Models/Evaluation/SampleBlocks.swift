import Autograd
import Datasets

/// The samples of a source, some at a time. What is drawn of them, such as the pixels of binarised
/// images, is decided by the seed: every estimate is of the same samples.
struct SampleBlocks {
    let samples: any DataSource
    let dataType: DataType
    let seed: UInt64

    private static let size = 100

    /// - Parameter body: takes a block and the positions of its samples.
    func visit(_ body: (Batch, Range<Int>) throws -> Void) throws {
        var generator = RandomGenerator(seed: seed)
        var drawn = generator.split()
        for start in stride(from: 0, to: samples.count, by: Self.size) {
            let range = start..<min(samples.count, start + Self.size)
            try body(samples.batch(at: Array(range), as: dataType, using: &drawn), range)
        }
    }
}
