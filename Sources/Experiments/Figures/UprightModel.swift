import Autograd
import Datasets
import Models

/// A model of poses seen by what its codes say besides them: the contents, decoded upright, in the middle
/// and of usual size.
struct UprightModel: Encodes, Decodes {
    private var model: any HasPoses & Decodes

    init(_ model: any HasPoses & Decodes) { self.model = model }

    func encode(_ batch: Batch) -> Tensor {
        model.poseLayout.content(of: model.encode(batch))
    }

    func decode(_ code: Tensor) -> Tensor {
        let pose = Tensor.zeros(
            [code.shape[0], model.poseLayout.count], dataType: code.dataType)
        return model.decode(concatenated([pose, code], axis: 1))
    }

    mutating func visit(_ visitor: inout ModuleVisitor) { model.visit(&visitor) }
}
