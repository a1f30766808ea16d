import KernelInterface

/// A map of images to images that sums, for every element of the target, products of elements of
/// the source with elements of a filter: a convolution, or its transpose.
///
/// The target is split into phases, the elements that are `targetStep` apart: those of a phase see
/// the source through the same elements of the filter. An ordinary convolution has one phase. The
/// transpose of a strided convolution has as many as the stride's area, each a small convolution
/// without the zeros that would be between the elements of its source.
struct Correlation {
    /// An element of the filter, and its offset in the source relative to a stop.
    struct Tap {
        let place: Int
        let offset: Size2D
    }

    let batch: Int
    let groups: Int
    /// Channels in all groups.
    let inputs: Int
    let outputs: Int
    let source: Size2D
    let target: Size2D
    /// Stop (r, c) of a phase lies on element (r, c) · step of the source.
    let sourceStep: Size2D
    let targetStep: Size2D
    /// The taps of each phase, row-major.
    let taps: [[Tap]]
    /// The distances between neighbours in the filter's memory.
    let filterStrides: (group: Int, output: Int, input: Int)

    var groupInputs: Int { inputs / groups }
    var groupOutputs: Int { outputs / groups }
    var sourceCount: Int { source.height * source.width }
    var targetCount: Int { target.height * target.width }

    /// Stops of the largest phase.
    var stops: Size2D {
        Size2D(
            height: (target.height + targetStep.height - 1) / targetStep.height,
            width: (target.width + targetStep.width - 1) / targetStep.width)
    }
}

extension Convolution {
    private var filterStrides: (group: Int, output: Int, input: Int) {
        let places = windows.window.height * windows.window.width
        let groupChannels = channels / groups
        return (outputs / groups * groupChannels * places, groupChannels * places, places)
    }

    /// Which elements of the filter take part, and their offsets from the stop.
    private var taps: [Correlation.Tap] {
        (0..<places).map { place in
            let (i, j) = (place / windows.window.width, place % windows.window.width)
            return Correlation.Tap(
                place: place,
                offset: Size2D(
                    height: i * windows.dilation.height - windows.padding.height,
                    width: j * windows.dilation.width - windows.padding.width))
        }
    }

    /// y(x, w).
    var forward: Correlation {
        Correlation(
            batch: batch, groups: groups, inputs: channels, outputs: outputs,
            source: windows.image, target: windows.stops, sourceStep: windows.stride,
            targetStep: 1, taps: [taps], filterStrides: filterStrides)
    }

    /// x(y, w).
    var backward: Correlation {
        let step = windows.stride
        var phases = [[Correlation.Tap]](repeating: [], count: step.height * step.width)
        for tap in taps {
            // Stop r sees element r · step + offset = (r + quotient) · step + remainder: element
            // r of phase `remainder` is seen from stop r − quotient.
            let (row, column) = (
                dividingDown(tap.offset.height, by: step.height),
                dividingDown(tap.offset.width, by: step.width)
            )
            phases[row.remainder * step.width + column.remainder].append(
                Correlation.Tap(
                    place: tap.place,
                    offset: Size2D(height: -row.quotient, width: -column.quotient)))
        }
        let strides = filterStrides
        return Correlation(
            batch: batch, groups: groups, inputs: outputs, outputs: channels,
            source: windows.stops, target: windows.image, sourceStep: 1, targetStep: step,
            taps: phases, filterStrides: (strides.group, strides.input, strides.output))
    }
}

/// Quotient and remainder, which is not negative.
func dividingDown(_ number: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
    let remainder = (number % divisor + divisor) % divisor
    return ((number - remainder) / divisor, remainder)
}
