import Autograd

/// An exercise without state: a function of fixed inputs.
final class Kernel: Exercise {
    private let inputs: [Tensor]
    private let body: ([Tensor]) -> [Tensor]

    init(_ inputs: [Tensor], _ body: @escaping ([Tensor]) -> [Tensor]) {
        (self.inputs, self.body) = (inputs, body)
    }

    var bytes: Int { 4 * (inputs + body(inputs)).reduce(0) { $0 + $1.count } }

    func step() {
        for result in body(inputs) { result.finish() }
    }

    func check() -> [Double]? { checksums(body(inputs)) }
}

extension Workload {
    /// A function of the inputs that `inputs` makes, of one or several results.
    static func kernel(
        _ name: String, _ group: Group, operations: Int? = nil,
        inputs: @escaping @Sendable (_ name: String) -> [Tensor],
        _ body: @escaping @Sendable ([Tensor]) -> [Tensor]
    ) -> Workload {
        Workload(name: name, group: group, operations: operations) {
            Kernel(inputs(name), body)
        }
    }
}
