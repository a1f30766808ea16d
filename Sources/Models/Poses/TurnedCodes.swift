import Autograd
import Foundation

/// How far codes of turned images are from the codes of the images, turned: 1 − cos of the difference of
/// angles, and half the squared distance of contents, since what an image shows does not change as it is
/// turned. Each image is turned by an angle of its own, drawn anew for each pass.
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
        let rows = Draws(before.shape[0] / images.shape[0])
        guard let told = layout.poses(of: before).angles,
            let toldTurned = layout.poses(of: after).angles
        else {
            programmerError("TurnedCodes", "codes without an angle")
        }
        let apart = square(layout.content(of: after) - layout.content(of: before))
        let difference = toldTurned - told - rows.repeated(turns)
        let distance = 1 - cos(difference) + apart.sum(axes: [1]) / 2
        return rows.count == 1 ? distance : pass.draws.mean(distance)
    }
}
