import Autograd
import Models

/// One line of the table: something that is timed.
struct Workload: Sendable {
    /// What a workload belongs to, in the summary.
    enum Group: String, CaseIterable, Sendable {
        case products, convolutions, operations, analysis, overhead, training
    }

    let name: String
    let group: Group
    /// Multiplications and additions of the products and convolutions, from their shapes; a
    /// training step's are those of the forward pass and both products of the backward pass of
    /// each layer, without the gradient of the input. Nil where there are none.
    let operations: Int?
    /// Makes inputs and weights.
    let prepare: @Sendable () -> any Exercise
}

/// A workload that is ready to run.
protocol Exercise: AnyObject {
    /// One iteration, to its end: nothing of its results is left to be computed.
    func step()
    /// Back to the state before the first step.
    func reset()
    /// The numbers by which participants are compared: computed from ``Numbers`` alone, noise
    /// too. Nil where the iteration draws its own order.
    func check() -> [Double]?
    /// The bytes that an iteration must move at the least: inputs are read, results written, what a
    /// training step changes is read and written.
    var bytes: Int { get }
    /// Whether an iteration takes seconds: it is then not warmed up.
    var isLong: Bool { get }
}

extension Exercise {
    func reset() {}
    var isLong: Bool { false }
}

/// How many steps are compared.
let checkedSteps = 4

extension Tensor {
    /// Waits for the elements: computes what is still to be computed.
    func finish() { withUnsafeBytes { _ in } }
}
