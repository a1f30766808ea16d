import Autograd
import FileSupport

/// How the examples of a file are split into those for training and those for testing.
public struct DataSplit: Hashable, Sendable {
    /// The share of the examples that is kept for testing, chosen by `seed`; with 0, all examples
    /// are used for both training and testing.
    public var testShare: Double
    public var seed: UInt64
    /// If given, only examples with this label are used for training.
    public var normal: String?

    public init(testShare: Double = 0.1, seed: UInt64 = 0, normal: String? = nil) {
        self.testShare = testShare
        self.seed = seed
        self.normal = normal
    }

    /// The positions for training and testing, out of `count`: at least one for each.
    func positions(
        _ count: Int, path: String
    ) throws(FileError) -> (training: [Int], test: [Int]) {
        guard 0..<1 ~= testShare else {
            throw FileError(
                path: path, expected: "a test share from 0 to below 1", found: "\(testShare)")
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
        // Sound: a share of the count.
        let testCount = min(max(1, Int(Double(count) * testShare)), count - 1)
        return (order.dropFirst(testCount).sorted(), order.prefix(testCount).sorted())
    }
}
