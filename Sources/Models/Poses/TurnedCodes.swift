import Autograd
import Foundation

/// How far codes of turned images are from the codes of the images, turned: 1 − cos of the difference of
/// angles, and half the squared distance of contents, since what an image shows does not change as it is
/// turned; relative to how contents vary among the images, so that it is no use to say less. Each image is
/// turned by an angle of its own, drawn anew for each pass.
///
/// By likelihoods alone an encoder of angles is easily caught where it tells some orientations of a thing as
/// others, which the decoder then has to draw; what it tells of turned images needs no decoder.
struct TurnedCodes<Output: HasLatentVariables & HasEncoder>: ObjectiveTerm {
    private let layout: PoseLayout

    /// - Parameter layout: of the codes; with an angle.
    init(_ layout: PoseLayout) { self.layout = layout }

    var name: String { "turnedCodes" }

    func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let images = pass.encoderInput
        var generator = pass.generator
        let turns =
            2 * Double.pi * generator.uniform([images.shape[0]], dataType: images.dataType)
        let channels = images.rank == 4 ? images : images.expandingAxis(1)
        let turned = affinelyWarped(
            channels, by: rotationMatrices(by: turns), border: .clamped
        ).reshaped(images.shape)
        let (before, after) = (pass.encode(images), pass.encode(turned))
        guard let told = layout.poses(of: before).angles,
            let toldTurned = layout.poses(of: after).angles
        else {
            programmerError("TurnedCodes", "codes without an angle")
        }
        let (content, contentTurned) = (layout.content(of: before), layout.content(of: after))
        let apart = square(contentTurned - content).sum(axes: [1])
        let among = square(content - content.mean(axes: [0], keepingAxes: true))
        // A single image does not vary, and contents of 0 are those of all.
        let variance = among.mean(axes: [0]).sum() + 1e-6
        return 1 - cos(toldTurned - told - turns) + apart / (2 * variance)
    }
}
