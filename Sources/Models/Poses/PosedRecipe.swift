/// A recipe of models whose codes begin with how the thing in an image lies there.
public protocol PosedRecipe: Recipe {
    /// Which numbers of a code these are.
    var layout: PoseLayout { get }
}
