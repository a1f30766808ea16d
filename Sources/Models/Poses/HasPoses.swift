import Autograd

/// A model whose codes say how the things in images lie there, apart from what they are.
public protocol HasPoses: Encodes {
    /// Which numbers of a code are the pose.
    var poseLayout: PoseLayout { get }
}

extension LatentVariableModel: HasPoses where D == CoordinateDecoder {
    public var poseLayout: PoseLayout { decoder.layout }
}

extension ConditionalModel: HasPoses where D == CoordinateDecoder {
    public var poseLayout: PoseLayout { decoder.layout }
}

extension ClassVariableModel: HasPoses where D == CoordinateDecoder {
    public var poseLayout: PoseLayout { decoder.layout }
}

extension NumberVariableModel: HasPoses where D == CoordinateDecoder {
    public var poseLayout: PoseLayout { decoder.layout }
}

extension Scaled: HasPoses where Model: HasPoses {
    public var poseLayout: PoseLayout { model.poseLayout }
}
