import Autograd
import Models

/// A step of a network in the text of a page.
struct PackedStep: Codable, Equatable {
    var name: String
    var numbers: [String: [Double]]
    var tensors: [String: PackedTensor]
    var parts: [[PackedStep]]

    init(_ step: NetworkStep, _ precision: PackedTensor.Precision) {
        (name, numbers) = (step.name, step.numbers)
        tensors = step.tensors.mapValues { PackedTensor($0, precision) }
        parts = step.parts.map { $0.map { PackedStep($0, precision) } }
    }
}

extension PackedTensor.Precision {
    /// The smallest with which pictures, `[n, …]` with numbers from 0 to 1, differ from those of the
    /// exact weights by less than one grey level.
    ///
    /// - Parameter inputs: of the steps.
    static func sufficient(for steps: [NetworkStep], on inputs: Tensor) -> Self {
        let exact = clamp(steps(inputs), from: 0, through: 1)
        return all.first { precision in
            let rounded = steps.mapTensors { PackedTensor.rounded($0, precision) }
            let difference = abs(clamp(rounded(inputs), from: 0, through: 1) - exact)
            return 255 * difference.max().scalar < 1
        } ?? .float32
    }
}
