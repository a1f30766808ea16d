import Autograd
import FileSupport

/// How the examples of a file become those that a model is trained on and those it is tested on.
public struct DataSplit: Hashable, Sendable {
    /// The part of the examples that is kept to test on, chosen by `seed`; with 0 all are trained
    /// on and tested on.
    public var testShare: Double
    public var seed: UInt64
    /// Where given, what is trained on has this label alone.
    public var normal: String?

    public init(testShare: Double = 0.1, seed: UInt64 = 0, normal: String? = nil) {
        self.testShare = testShare
        self.seed = seed
        self.normal = normal
    }

    /// The positions to train and to test on, of so many: at least one to each.
    func positions(
        _ count: Int, path: String
    ) throws(FileError) -> (training: [Int], test: [Int]) {
        guard 0..<1 ~= testShare else {
            throw FileError(
                path: path, expected: "a part to test on from 0 and below 1", found: "\(testShare)")
        }
        let least = testShare == 0 ? 1 : 2
        guard count >= least else {
            throw FileError(
                path: path, expected: "at least \(least) example\(least == 1 ? "" : "s")",
                found: "\(count)")
        }
        if testShare == 0 { return (Array(0..<count), Array(0..<count)) }
        var generator = RandomGenerator(seed: seed)
        let order = generator.permutation(count)
        // Sound: a part of the count.
        let testCount = min(max(1, Int(Double(count) * testShare)), count - 1)
        return (order.dropFirst(testCount).sorted(), order.prefix(testCount).sorted())
    }
}
